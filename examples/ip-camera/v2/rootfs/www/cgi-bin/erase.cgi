#!/bin/sh
# Takes the unit back to how it left the factory: settings, password, keys and recordings are gone.
printf 'Content-Type: text/html\r\nCache-Control: no-store\r\n\r\n'
[ "$REQUEST_METHOD" = POST ] && [ "$(head -c 7)" = ERASE=1 ] || exit 0
rm -rf /mnt/sd/recordings /data/camera/* /data/web/users
: >/data/web/erase-requested
echo '<!DOCTYPE html><html lang="en"><head><title>Erased</title></head><body><p>All recordings, settings and the password are erased. The camera starts anew within a minute.</p></body></html>'
