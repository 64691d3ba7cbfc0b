#!/bin/sh
# Shows the settings, and stores what the form sends. Every value is checked against what it may be before it is stored.
conf=/data/camera/camera.conf
store() { sed -i "s|^$1=.*|$1=$2|" "$conf"; }
whole_number() { case "$1" in '' | *[!0-9]*) return 1 ;; esac; [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]; }
if [ "$REQUEST_METHOD" = POST ] && [ "${CONTENT_LENGTH:-0}" -le 4096 ]; then
  form=$(head -c "$CONTENT_LENGTH")
  for pair in $(printf '%s' "$form" | tr '&' ' '); do
    value=${pair#*=}
    case "${pair%%=*}" in
      RESOLUTION) case "$value" in 640x480 | 1280x720 | 1920x1080) store RESOLUTION "$value" ;; esac ;;
      FPS) whole_number "$value" 1 30 && store FPS "$value" ;;
      MOTION) whole_number "$value" 0 1 && store MOTION "$value" ;;
      KEEP_DAYS) whole_number "$value" 1 365 && store KEEP_DAYS "$value" ;;
      UPDATES) if [ "$value" = 0 ]; then : >/data/camera/no-automatic-updates; else rm -f /data/camera/no-automatic-updates; fi ;;
    esac
  done
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
<p><button>Store</button></p>
</form>
<form method="post" action="/cgi-bin/erase.cgi"><p><button name="ERASE" value="1">Erase all data and settings</button></p></form>
</main></body></html>
PAGE
