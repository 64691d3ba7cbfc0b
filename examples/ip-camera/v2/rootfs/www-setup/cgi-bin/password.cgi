#!/bin/sh
# Stores the first password. It works only while there is none.
printf 'Content-Type: text/html\r\nCache-Control: no-store\r\n\r\n'
[ "$REQUEST_METHOD" = POST ] && [ "${CONTENT_LENGTH:-0}" -le 512 ] && ! [ -s /data/web/users ] || exit 0
form=$(head -c "$CONTENT_LENGTH")
password=$(printf '%s' "${form#password=}" | sed 's/+/ /g; s/%\([0-9A-Fa-f][0-9A-Fa-f]\)/\\x\1/g')
password=$(printf '%b' "$password")
if [ "${#password}" -lt 12 ]; then
  echo '<!DOCTYPE html><html lang="en"><head><title>Too short</title></head><body><p>Use at least 12 characters. <a href="/">Back</a></p></body></html>'
  exit 0
fi
umask 077
printf 'admin:%s\n' "$(mkpasswd -m sha512 "$password")" >/data/web/users.new && mv /data/web/users.new /data/web/users
logger -p auth.notice "login: the owner set the password"
: >/data/web/restart-requested
echo '<!DOCTYPE html><html lang="en"><head><title>Done</title></head><body><p>The password is set. Log in as admin within a minute.</p></body></html>'
