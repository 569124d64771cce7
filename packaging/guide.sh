#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the user guide: docs/guide/*.md as HTML pages that need nothing but the pictures beside them.
#   packaging/guide.sh FOLDER      (needs cmark-gfm)
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?usage: packaging/guide.sh FOLDER}
pages=(index real-pi own-network own-strategy charts theory comparison)
for page in docs/guide/*.md; do  # none is forgotten
  [[ " ${pages[*]} " == *" $(basename "$page" .md) "* ]] || { echo "guide: $page is not in the list of pages of $0" >&2; exit 1; }
done
mkdir -p "$out/pictures"

navigation=
for page in "${pages[@]}"; do
  title=$(sed -n '1s/^# //p' "docs/guide/$page.md")
  navigation+="<a href=\"$page.html\">$title</a> "
done

for page in "${pages[@]}"; do
  {
    cat <<HEAD
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$(sed -n '1s/^# //p' "docs/guide/$page.md")</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 54rem; margin: 0 auto; padding: 1rem; }
  nav { font-size: 0.9rem; border-bottom: 1px solid #8888; padding-bottom: 0.6rem; }
  nav a { margin-right: 1rem; }
  img { max-width: 100%; border: 1px solid #8888; border-radius: 6px; }
  pre { overflow-x: auto; padding: 0.7rem; border: 1px solid #8888; border-radius: 6px; }
  table { border-collapse: collapse; } td, th { border: 1px solid #8888; padding: 0.3rem 0.6rem; text-align: left; }
  blockquote { margin: 1rem 0; padding: 0.1rem 1rem; border-left: 4px solid #56B4E9; font-size: 1.1rem; }
</style>
</head>
<body>
<nav>$navigation</nav>
HEAD
    # Pages link to each other, pictures lie beside them; what belongs to the source tree is named, but is no link here.
    cmark-gfm --unsafe -e table "docs/guide/$page.md" \
      | sed -E -e 's|href="([a-z-]+)\.md([#"])|href="\1.html\2|g' \
               -e 's|src="\.\./\.\./resources/screenshots/|src="pictures/|g' \
               -e 's|<a href="\.\./\.\./[^"]*">([^<]*(<code>[^<]*</code>)?[^<]*)</a>|\1|g' \
               -e 's|<h2>([^<]*)</h2>|<h2 id="\L\1\E">\1</h2>|; :a; s|(id="[^" ]*) |\1-|; ta'
    echo '</body></html>'
  } > "$out/$page.html"
done
for picture in $(grep -oh 'resources/screenshots/[a-z-]*\.png' docs/guide/*.md | sort -u); do
  cp "$picture" "$out/pictures/"
done
