#!/bin/sh
# Shows the settings, and stores what the form sends. Every value is checked against what it may be before it is stored.
conf=/data/camera/camera.conf
store() { sed -i "s|^$1=.*|$1=$2|" "$conf"; }
decoded() { printf '%b' "$(printf '%s' "$1" | sed 's/+/ /g; s/%\([0-9A-Fa-f][0-9A-Fa-f]\)/\\x\1/g')"; }
whole_number() { case "$1" in '' | *[!0-9]*) return 1 ;; esac; [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]; }
if [ "$REQUEST_METHOD" = POST ] && [ "${CONTENT_LENGTH:-0}" -le 4096 ]; then
  form=$(head -c "$CONTENT_LENGTH")
  logger -p auth.notice "settings: changed by $REMOTE_USER from $REMOTE_ADDR"
  for pair in $(printf '%s' "$form" | tr '&' ' '); do
    value=${pair#*=}
    case "${pair%%=*}" in
      RESOLUTION) case "$value" in 640x480 | 1280x720 | 1920x1080) store RESOLUTION "$value" ;; esac ;;
      FPS) whole_number "$value" 1 30 && store FPS "$value" ;;
      MOTION) whole_number "$value" 0 1 && store MOTION "$value" ;;
      KEEP_DAYS) whole_number "$value" 1 365 && store KEEP_DAYS "$value" ;;
      WIFI_NAME) wifi_name=$(decoded "$value") ;;
      WIFI_PASSPHRASE) wifi_passphrase=$(decoded "$value") ;;
      UPDATES) if [ "$value" = 0 ]; then : >/data/camera/no-automatic-updates; else rm -f /data/camera/no-automatic-updates; fi ;;
    esac
  done
  # The passphrase is turned into the key and not kept; /usr/sbin/requests stores the network where root alone can read it.
  case "$wifi_name" in
    '' | *[!A-Za-z0-9\ ._-]*) ;;
    *)
      umask 077
      printf '%s\n' "$wifi_passphrase" | wpa_passphrase "$wifi_name" 2>/dev/null | grep -v '#' |
        sed 's/^network={/&\n\tproto=RSN\n\tpairwise=CCMP/' >/data/web/wifi.new
      if grep -q 'psk=' /data/web/wifi.new; then mv /data/web/wifi.new /data/web/wifi-requested; else rm -f /data/web/wifi.new; fi
      ;;
  esac
fi
setting() { sed -n "s/^$1=//p" "$conf" | head -n 1; }
printf 'Content-Type: text/html\r\nCache-Control: no-store\r\n\r\n'
cat <<PAGE
<!DOCTYPE html>
<html lang="en"><head><title>IPC-200 settings</title><link rel="stylesheet" href="/style/camera.css"></head>
<body><main><p>Model IPC-200, firmware $(cut -d' ' -f2 /etc/version). Update offered: $(cat /tmp/update-offered 2>/dev/null || echo none)</p>
<form method="post">
<label>Resolution</label><input name="RESOLUTION" value="$(setting RESOLUTION)">
<label>Pictures a second</label><input name="FPS" value="$(setting FPS)">
<label>Days to keep</label><input name="KEEP_DAYS" value="$(setting KEEP_DAYS)">
<label>Automatic updates (1 or 0)</label><input name="UPDATES" value="$([ -e /data/camera/no-automatic-updates ] && echo 0 || echo 1)">
<label>Wi-Fi network</label><input name="WIFI_NAME" maxlength="32">
<label>Passphrase of the Wi-Fi network</label><input type="password" name="WIFI_PASSPHRASE" minlength="8" maxlength="63" autocomplete="off">
<p><button>Store</button></p>
</form>
<form method="post" action="/cgi-bin/erase.cgi"><p><button name="ERASE" value="1">Erase all data and settings</button></p></form>
</main></body></html>
PAGE
