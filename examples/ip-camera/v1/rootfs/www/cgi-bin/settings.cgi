#!/bin/sh
# Shows the settings, and stores what the form sends.
. /etc/camera/camera.conf
if [ "$REQUEST_METHOD" = POST ]; then
  read -r form
  for pair in $(echo "$form" | tr '&' ' '); do
    name=${pair%%=*}
    value=${pair#*=}
    case "$name" in NAME | RESOLUTION | FPS | MOTION | KEEP_DAYS) sed -i "s|^$name=.*|$name=$value|" /etc/camera/camera.conf ;; esac
  done
  . /etc/camera/camera.conf
fi
printf 'Content-Type: text/html\r\n\r\n'
cat <<PAGE
<!DOCTYPE html>
<html lang="en"><head><title>IPC-200 settings</title><link rel="stylesheet" href="/style/camera.css"></head>
<body><main><form method="post">
<label>Name</label><input name="NAME" value="$NAME">
<label>Resolution</label><input name="RESOLUTION" value="$RESOLUTION">
<label>Pictures a second</label><input name="FPS" value="$FPS">
<label>Days to keep</label><input name="KEEP_DAYS" value="$KEEP_DAYS">
<p><button>Store</button></p>
</form></main></body></html>
PAGE
