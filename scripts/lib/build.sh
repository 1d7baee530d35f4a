# Building the node, for the scripts beside this folder. Expects $repository, and die().

# A JDK and Maven, or plain words what to install.
needs_java() {
  local version
  command -v javac >/dev/null && command -v java >/dev/null \
    || die "Carillon needs a JDK, 17 or newer. On Debian and Ubuntu: apt-get install openjdk-17-jdk-headless (or default-jdk-headless)"
  version=$(javac -version 2>&1 | sed -nE 's/^javac ([0-9]+).*/\1/p')
  [ "${version:-0}" -ge 17 ] || die "Carillon needs a JDK, 17 or newer; this one is ${version:-unknown}: $(command -v javac)"
  command -v mvn >/dev/null || die "Carillon is built with Maven, 3.8 or newer. On Debian and Ubuntu: apt-get install maven"
}

# Changes when anything changes that the node is made of.
sources_fingerprint() {
  ( cd "$repository" && find pom.xml .mvn proto modules \
      \( -name target -o -path modules/acceptance -o -path '*/src/test' \) -prune -o -type f -printf '%p %s %T@\n' | sort | sha256sum )
}

# Everything the node needs, in modules/node/target/lib; does nothing when it is there and the sources have not changed.
build_node() {
  local stamp=$repository/modules/node/target/built log=$repository/target/build.log now maven
  mkdir -p "$(dirname "$stamp")" "$(dirname "$log")"
  exec 7>"$repository/target/build.lock"
  flock 7
  now=$(sources_fingerprint)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$now" ]; then
    rm -rf "$stamp" "$repository/modules/node/target/lib"
    ( cd "$repository" && exec mvn -B -ntp -Dmaven.test.skip=true -pl modules/node -am package ) >"$log" 2>&1 </dev/null 7>&- &
    maven=$!
    trap 'kill "$maven" 2>/dev/null || true; exit 130' INT
    trap 'kill "$maven" 2>/dev/null || true; exit 143' TERM HUP
    progress "$maven" "Building Carillon; the first time this takes some minutes"
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if ! wait "$maven"; then
      grep -E '^\[(ERROR|WARNING)\]' "$log" | head -20 >&2
      die "Carillon could not be built; the whole story is in $log"
    fi
    echo "$now" >"$stamp"
  fi
  exec 7>&-
}

# $1: a process. $2: what it does. One line, which goes on living on a terminal.
progress() {
  local start=$SECONDS
  if [ -t 1 ]; then
    while kill -0 "$1" 2>/dev/null; do
      printf '\r%s ... %d s ' "$2" $((SECONDS - start))
      sleep 1
    done
    printf '\r%*s\r' 100 ''
  else
    echo "$2 ..."
  fi
}

node_classpath() {
  echo "$repository/modules/node/target/carillon-node.jar:$repository/modules/node/target/lib/*"
}
