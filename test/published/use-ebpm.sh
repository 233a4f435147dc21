# What somebody does who has just installed ebpm: asks for its version, runs a package until it has shown three events of the
# signals that this sends, and prints them. It needs a shell and coreutils.
#
#   sh use-ebpm.sh EBPM PACKAGE
"$1" --version
(
  "$1" run --json --max-events 3 "$2" >/tmp/events
  echo $? >/tmp/code
) &
until [ -s /tmp/code ]; do
  kill -0 $$
  sleep 0.1
done
cat /tmp/events
exit "$(cat /tmp/code)"
