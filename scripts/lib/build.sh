# Building what the scripts beside this folder run. Expects $repository, and die().

# A JDK and Maven, or plain words what to install.
needs_java() {
  local version
  command -v javac >/dev/null && command -v java >/dev/null \
    || die "Carillon needs a JDK, 17 or newer. On Debian and Ubuntu: apt-get install openjdk-17-jdk-headless (or default-jdk-headless)"
  version=$(javac -version 2>&1 | sed -nE 's/^javac ([0-9]+).*/\1/p')
  [ "${version:-0}" -ge 17 ] || die "Carillon needs a JDK, 17 or newer; this one is ${version:-unknown}: $(command -v javac)"
  command -v mvn >/dev/null || die "Carillon is built with Maven, 3.8 or newer. On Debian and Ubuntu: apt-get install maven"
}

# Changes when anything changes that Carillon is made of.
sources_fingerprint() {
  ( cd "$repository" && find pom.xml .mvn proto modules \
      \( -name target -o -path modules/acceptance -o -path '*/src/test' \) -prune -o -type f -printf '%p %s %T@\n' | sort | sha256sum )
}

# $1: a module. $2: what is said while it is built. Afterwards everything it needs is in its target folder; does nothing when it is
# there and the sources have not changed. One build at a time: two would write into the same folders.
build() {
  local target=$repository/modules/$1/target log=$repository/target/build-$1.log now maven
  if [ -n "${CARILLON_CLASSPATH:-}" ]; then
    echo "Nothing is built: CARILLON_CLASSPATH names what to run"
    return
  fi
  mkdir -p "$target" "$repository/target"
  exec 7>"$repository/target/build.lock"
  flock -n 7 || { echo "Another script is building; waiting for it ..."; flock 7; }
  now=$(sources_fingerprint)
  if [ "$(cat "$target/built" 2>/dev/null)" != "$now" ]; then
    rm -rf "$target/built" "$target/lib"
    ( cd "$repository" && exec mvn -B -ntp -Dmaven.test.skip=true -pl "modules/$1" -am package ) >"$log" 2>&1 </dev/null 7>&- &
    maven=$!
    trap 'kill "$maven" 2>/dev/null || true; exit 130' INT
    trap 'kill "$maven" 2>/dev/null || true; exit 143' TERM HUP
    progress "$maven" "$2"
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if ! wait "$maven"; then
      grep -E '^\[(ERROR|WARNING)\]' "$log" | head -20 >&2
      die "it could not be built; the whole story is in $log"
    fi
    echo "$now" >"$target/built"
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

# The option for Java by which Kamon sees Akka and the database's connections, when the agent is there. CARILLON_AGENT says where else it is; empty:
# without.
agent() {
  local jar=${CARILLON_AGENT-$repository/modules/node/target/lib/kanela-agent.jar}
  [ -z "$jar" ] || [ ! -r "$jar" ] || echo "-javaagent:$jar"
}

# $1: a module that was built. $2: what of it runs, beside its libraries. CARILLON_CLASSPATH says what runs in its place: the tests of the
# scripts run what Maven has just compiled, which nobody but they can know to be up to date.
classpath() {
  local target=$repository/modules/$1/target
  echo "${CARILLON_CLASSPATH:-$target/$2:$target/lib/*}"
}
