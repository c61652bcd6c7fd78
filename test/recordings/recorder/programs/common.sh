# What the programs share: each reads real settings, files and arguments, and fails on them in the words of its runtime.
now() { date -u +%Y-%m-%dT%H:%M:%S; }
resolves() { case $1 in *[!0-9.]*) grep -qw -- "$1" /etc/hosts ;; *) true ;; esac; }
reachable() { nc -w 3 "$1" "$2" -e /bin/true 2>/dev/null; }
taken() { nc -w 1 127.0.0.1 "$1" -e /bin/true 2>/dev/null; }
serve() { # PORT PATH…: answers 200 on these paths, 404 elsewhere
  port=$1; shift; root=${HTTP_ROOT:-/dev/shm/www}
  for path; do mkdir -p "$root/$(dirname "$path")"; echo ok >"$root/$path"; done
  trap 'exit 0' TERM INT
  httpd -f -p "$port" -h "$root" & wait
}
hold() { dd if=/dev/zero of=/dev/null bs="$1" count=1 2>/dev/null; } # memory, and let it go
address() { # HOST: the address of a literal, of a name in /etc/hosts, or of a Service of the namespace; nothing for others
  case $1 in *[!0-9.]*) ;; *) echo "$1"; return ;; esac
  known=$(grep -w -- "$1" /etc/hosts | head -1 | cut -f1)
  [ -n "$known" ] || { variable=$(echo "${1%%.*}" | tr 'a-z-' 'A-Z_' | tr -dc 'A-Z0-9_'); eval "known=\${${variable}_SERVICE_HOST:-}"; }
  echo "$known"
}
