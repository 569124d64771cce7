// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/scripts_p.h"
#include "core/remote/ssh.h"

namespace splitscope::remote {

namespace {

/// In front of every script that knows where things are. A pid that was given to another program meanwhile, or a zombie's, does
/// not count: its command line tells.
std::string withPaths(const DevicePaths& paths, const std::string& body)
{
    return "FOLDER=" + shellQuote(paths.folder) + "\nCONFIG=" + shellQuote(paths.config)
        + "\nUNIT=" + shellQuote(paths.units + "/splitscoped.service") + "\nSYSTEMD=" + (paths.systemd ? "yes" : "no") + R"sh(
export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"
umask 077
nap() { sleep 0.1 2>/dev/null || sleep 1; }
process() {
  p=$(cat "$FOLDER/splitscoped.pid" 2>/dev/null) && [ -n "$p" ] && kill -0 "$p" 2>/dev/null || return 1
  tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null | grep -q splitscoped || return 1
  echo "$p"
}
running() {
  [ "$SYSTEMD" = yes ] && [ -e "$UNIT" ] && systemctl --user is-active -q splitscoped && return 0
  process >/dev/null
}
halt() {
  [ "$SYSTEMD" = yes ] && [ -e "$UNIT" ] && systemctl --user stop splitscoped
  if p=$(process); then
    kill "$p"
    n=0
    while process >/dev/null && [ $n -lt 100 ]; do nap; n=$((n + 1)); done
    process >/dev/null && kill -9 "$p"
  fi
  rm -f "$FOLDER/splitscoped.pid"
}
)sh" + body;
}

constexpr const char* kUnit = R"unit([Unit]
Description=Splitscope device daemon

[Service]
ExecStart="%s/splitscoped" --config "%s/daemon.json"
StandardOutput=append:%s/splitscoped.log
StandardError=append:%s/splitscoped.log
Restart=on-failure
RestartSec=3
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native

[Install]
WantedBy=default.target
)unit";

}  // namespace

std::string lookScript()
{
    return R"sh(
export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"
say machine "$(uname -m)"
say kernel "$(uname -s)"
say os "$( (. /etc/os-release && printf %s "$PRETTY_NAME") 2>/dev/null)"
say bits "$(getconf LONG_BIT 2>/dev/null)"
say host "$(uname -n)"
say home "$HOME"
say config "${XDG_CONFIG_HOME:-$HOME/.config}"
say free "$(df -Pk "$HOME" 2>/dev/null | awk 'NR == 2 { print $4 }')"
if [ "$(id -u)" = 0 ]; then say root root
elif sudo -n true 2>/dev/null; then say root sudo
else say root none; fi
if systemctl --user show-environment >/dev/null 2>&1; then say systemd yes; else say systemd no; fi
)sh";
}

std::string prepareScript(const DevicePaths& paths)
{
    return withPaths(paths, R"sh(
mkdir -p "$FOLDER" "$CONFIG" || fail "no folder can be made in $HOME"
chmod 700 "$FOLDER"
rm -rf "$FOLDER/splitscoped.arrived" "$FOLDER/splitscoped.deb" "$FOLDER/unpacked"
)sh");
}

std::string tryScript(const DevicePaths& paths)
{
    return withPaths(paths, R"sh(
program="$FOLDER/splitscoped.arrived"
[ -h "$program" ] || chmod 700 "$program" || fail "the program did not arrive"
missing=$(ldd "$program" 2>/dev/null | awk '/not found/ { print $1 }' | sort -u | tr '\n' ' ')
if [ -n "$missing" ]; then say missing "$missing"; exit 0; fi
version=$("$program" --version 2>&1) || fail "it does not run there: $version"
say version "$version"
)sh");
}

std::string unpackScript(const DevicePaths& paths, const std::string& root)
{
    return withPaths(paths, "ROOT=" + shellQuote(root) + R"sh(
cd "$FOLDER"
sudo=
[ "$ROOT" = sudo ] && sudo="sudo -n"
if [ "$ROOT" != none ] && command -v apt-get >/dev/null; then
  # apt reads the package as a user of its own.
  mkdir -p /tmp/splitscoped.$$ && cp splitscoped.deb /tmp/splitscoped.$$/ && chmod -R a+rX /tmp/splitscoped.$$
  said=$(DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends \
    /tmp/splitscoped.$$/splitscoped.deb 2>&1)
  status=$?
  rm -rf /tmp/splitscoped.$$
  [ $status = 0 ] || fail "apt-get could not install the package: $(printf '%s\n' "$said" | tail -n 1)"
  # This account starts the daemon, not the system.
  $sudo systemctl disable --now splitscoped >/dev/null 2>&1
  ln -sf /usr/bin/splitscoped splitscoped.arrived
  say way apt
else
  command -v dpkg-deb >/dev/null || fail "there is no dpkg-deb to unpack the package with"
  dpkg-deb -x splitscoped.deb unpacked || fail "the package cannot be unpacked"
  mv unpacked/usr/bin/splitscoped splitscoped.arrived || fail "the package holds no usr/bin/splitscoped"
  say way unpacked
fi
rm -rf unpacked splitscoped.deb
)sh");
}

std::string replaceScript(const DevicePaths& paths)
{
    return withPaths(paths, R"sh(
cd "$FOLDER"
[ -e splitscoped ] && { rm -f splitscoped.before; ln splitscoped splitscoped.before 2>/dev/null || cp -P splitscoped splitscoped.before; }
mv -f splitscoped.arrived splitscoped || fail "the program cannot be put in place"
)sh");
}

std::string restoreScript(const DevicePaths& paths)
{
    return withPaths(paths, R"sh(
cd "$FOLDER"
[ -e splitscoped.before ] || fail "there is no earlier program"
mv -f splitscoped.before splitscoped
)sh");
}

std::string keysScript(const DevicePaths& paths, const std::string& settingsJson, const std::string& edgeKey,
                       const std::string& edgeName)
{
    return withPaths(paths, "EDGE=" + shellQuote(edgeKey + " " + edgeName) + "\nSETTINGS=" + shellQuote(settingsJson) + R"sh(
if [ -n "$SETTINGS" ]; then
  printf '%s\n' "$SETTINGS" >"$FOLDER/daemon.json.new" && mv -f "$FOLDER/daemon.json.new" "$FOLDER/daemon.json" ||
    fail "the settings cannot be written"
fi
key=$("$FOLDER/splitscoped" --config "$FOLDER/daemon.json" --admit "$EDGE" 2>"$FOLDER/admit.log") || {
  why=$(tail -n 1 "$FOLDER/admit.log"); fail "$why"; }
rm -f "$FOLDER/admit.log"
say key "$key"
)sh");
}

std::string startScript(const DevicePaths& paths)
{
    std::string unit = kUnit;
    for (auto at = unit.find("%s"); at != std::string::npos; at = unit.find("%s", at + 7))
        unit.replace(at, 2, "$FOLDER");
    return withPaths(paths, R"sh(
halt
log="$FOLDER/splitscoped.log"
[ -e "$log" ] && [ "$(wc -c <"$log")" -gt 8000000 ] && mv -f "$log" "$log.before"
touch "$log"
from=$(($(wc -c <"$log") + 1))
lasting=no
if [ "$SYSTEMD" = yes ]; then
  mkdir -p "${UNIT%/*}" || fail "no folder for the systemd unit"
  # A percent sign in a unit begins a specifier.
  PLAIN=$FOLDER
  FOLDER=$(printf %s "$PLAIN" | sed 's/%/%%/g')
  cat >"$UNIT" <<END
)sh" + unit + R"sh(END
  FOLDER=$PLAIN
  systemctl --user daemon-reload
  systemctl --user enable -q splitscoped 2>/dev/null
  loginctl enable-linger 2>/dev/null && lasting=yes
  said=$(systemctl --user restart splitscoped 2>&1) || fail "systemd: $said"
  say how systemd
else
  keep=nohup
  command -v setsid >/dev/null && keep="setsid nohup"
  cd /
  $keep "$FOLDER/splitscoped" --config "$FOLDER/daemon.json" >>"$log" 2>&1 </dev/null &
  echo $! >"$FOLDER/splitscoped.pid"
  say how process
fi
n=0
gone=0
while [ $n -lt 150 ]; do
  if tail -c +$from "$log" | grep -q ' listening on '; then say lasting $lasting; exit 0; fi
  # Until it has begun, its process is still the shell's.
  if running; then gone=0; else gone=$((gone + 1)); fi
  [ $gone -gt 20 ] && break
  [ $gone -gt 0 ] && tail -c +$from "$log" | grep -q '^splitscoped: ' && break
  nap
  n=$((n + 1))
done
halt
why=$(tail -c +$from "$log" | grep . | tail -n 1)
fail "${why:-it ended or said nothing within 15 s}"
)sh");
}

std::string stopScript(const DevicePaths& paths)
{
    return withPaths(paths, R"sh(
if running; then say was running; else say was stopped; fi
halt
[ "$SYSTEMD" = yes ] && [ -e "$UNIT" ] && systemctl --user disable -q splitscoped 2>/dev/null
exit 0
)sh");
}

std::string statusScript(const DevicePaths& paths)
{
    return withPaths(paths, R"sh(
[ -e "$FOLDER/splitscoped" ] || fail "no daemon was installed there"
if running; then say state running; else say state stopped; fi
if [ "$SYSTEMD" = yes ] && [ -e "$UNIT" ]; then say how systemd; else say how process; fi
say version "$("$FOLDER/splitscoped" --version 2>&1 | tail -n 1)"
)sh");
}

std::string logScript(const DevicePaths& paths, int lines, bool follow)
{
    return withPaths(paths,
                     "[ -e \"$FOLDER/splitscoped.log\" ] || fail \"there is no log yet\"\nexec tail -n " + std::to_string(lines)
                         + (follow ? " -F" : "") + " \"$FOLDER/splitscoped.log\"\n");
}

std::string removeScript(const DevicePaths& paths, const std::string& edgeKey, const std::string& root)
{
    return withPaths(paths, "EDGE=" + shellQuote(edgeKey) + "\nROOT=" + shellQuote(root) + R"sh(
halt
if [ -e "$UNIT" ]; then
  systemctl --user disable -q splitscoped 2>/dev/null
  rm -f "$UNIT"
  systemctl --user daemon-reload 2>/dev/null
fi
sudo=
[ "$ROOT" = sudo ] && sudo="sudo -n"
if [ -h "$FOLDER/splitscoped" ] && [ "$ROOT" != none ]; then
  said=$(DEBIAN_FRONTEND=noninteractive $sudo apt-get remove -y -qq splitscoped 2>&1) ||
    fail "apt-get could not remove the package: $(printf '%s\n' "$said" | tail -n 1)"
fi
rm -rf "$FOLDER"
rmdir "${FOLDER%/*}" 2>/dev/null
list="$CONFIG/allowed-edges"
if [ -e "$list" ]; then
  grep -vF -- "$EDGE" "$list" >"$list.new"
  if grep -q '^[^#[:space:]]' "$list.new"; then
    mv -f "$list.new" "$list"
    say kept "the key pair and the other edges' keys"
    exit 0
  fi
  rm -f "$list" "$list.new"
fi
rm -f "$CONFIG/daemon-keys.json"
)sh");
}

}  // namespace splitscope::remote
