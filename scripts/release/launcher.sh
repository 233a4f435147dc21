#!/bin/sh
# Starts ebpm with the Node that lies beside it, wherever this folder is and however many links lead here.
self=$(readlink -f -- "$0")
root=${self%/bin/ebpm}
exec "$root/runtime/bin/node" "$root/app/bundle/main.js" "$@"
