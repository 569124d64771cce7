#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Man pages and shell completions from the programs' own --help: one source for all.

    packaging/reference.py BIN OUT [PROGRAM...]

Runs each program of the folder BIN with --help, and splitscope-cli's verbs down to the last one. OUT/PROGRAM/ then holds man/man1,
bash-completion/completions, zsh/vendor-completions and fish/vendor_completions.d, as an installation wants them.
"""
import gzip
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = {
    "splitscope": "dashboard for neural networks split between two machines",
    "splitscope-cli": "split neural networks between two machines, from the command line",
    "splitscoped": "device's half of split neural networks",
}
ENVIRONMENT = [
    ("SPLITSCOPE_DATA", "Folder that holds the data sets: cifar-10-batches-bin/, imagenette-160/, and traces/."),
    ("SPLITSCOPE_TRACES", "Folder of recorded bandwidth traces for evaluations (default: traces/ in SPLITSCOPE_DATA)."),
    ("SPLITSCOPE_RESOURCES", "Folder of networks, traces and devices that is searched before the installed ones."),
    ("SPLITSCOPE_DAEMON", "Program that loopback experiments start as their device (default: splitscoped beside this program)."),
    ("XDG_CONFIG_HOME", "Keys and known devices are in its subfolder splitscope (default: ~/.config)."),
]
ENTRY = re.compile(r"^  (\S.*?)(?:  +(\S.*))?$")


@dataclass
class Page:
    """What one --help says."""
    words: list  # the verbs that lead to it
    usage: str = ""
    about: str = ""
    entries: list = field(default_factory=list)  # (option or verb with its argument, help)
    pages: list = field(default_factory=list)

    def options(self):
        return [entry for entry in self.entries if entry[0].startswith("-")]


def ask(program, words):
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", COLUMNS="100")
    return subprocess.run([program, *words, "--help"], check=True, capture_output=True, text=True, env=environment).stdout


def read(program, words):
    page = Page(words)
    about = []
    for line in ask(program, words).splitlines():
        entry = ENTRY.match(line)
        if line.lower().startswith("usage:"):
            page.usage = line.split(":", 1)[1].strip().replace(str(program), Path(program).name)
        elif entry:
            page.entries.append([entry.group(1), entry.group(2) or ""])
        elif line.startswith("      ") and page.entries:
            page.entries[-1][1] += ("\n" if page.entries[-1][1] else "") + line.strip()
        elif line.strip() and line.strip() not in ("Options:", "Each verb explains itself with --help."):
            about.append(line.strip())
    page.about = " ".join(about)
    if page.usage.split("[")[0].strip().endswith("VERB"):
        page.pages = [read(program, words + [entry[0].split()[0]]) for entry in page.entries]
    return page


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in text.splitlines())


def roff_list(text):
    """Help of several lines is a list: each begins a line of its own."""
    return "\n.br\n".join(roff(line) for line in text.splitlines())


def entries_in_roff(entries):
    return "".join(f".TP\n.B {roff(left)}\n{roff_list(text)}\n" for left, text in entries)


def pages_in_roff(name, page):
    text = ""
    for sub in page.pages:
        if sub.pages:
            text += pages_in_roff(name, sub)
        else:
            text += f".SS {roff(' '.join([name] + sub.words))}\n{roff(sub.about)}\n.PP\n.B {roff(sub.usage)}\n"
            text += entries_in_roff(entry for entry in sub.entries if entry[0] != "--help")
    return text


def man_page(name, version, page):
    others = ", ".join(f"\n.BR {roff(other)} (1)" for other in PROGRAMS if other != name).replace(", ", "")
    text = f'.TH {name.upper()} 1 "" "Splitscope {version}" "User Commands"\n'
    text += f".SH NAME\n{roff(name)} \\- {roff(PROGRAMS[name])}\n.SH SYNOPSIS\n.B {roff(page.usage)}\n"
    text += f".SH DESCRIPTION\n{roff(page.about)}\n"
    text += f".SH {'VERBS' if page.pages else 'OPTIONS'}\n{entries_in_roff(page.entries)}"
    if page.pages:
        text += f".SH DETAILS\n{pages_in_roff(name, page)}"
    text += f".SH ENVIRONMENT\n{entries_in_roff(ENVIRONMENT)}"
    text += f".SH EXIT STATUS\n0 done, 1 failed, 2 wrong usage.\n.SH SEE ALSO{others}\n"
    return text


def leaves(page):
    yield page
    for sub in page.pages:
        yield from leaves(sub)


def flags(page):
    """The long options of a page: name, whether it takes a value, help in a line."""
    for left, text in page.options():
        for part in left.split(", "):
            name, _, value = part.strip().replace("=", " ").partition(" ")
            if name.startswith("--"):
                yield name, bool(value), text.splitlines()[0] if text else ""


def extra(page):
    """The answers that every program gives and only the top tells of."""
    return [] if page.words else ["--version", "--help", "--self-test"]


def choices(page):
    words = [sub.words[-1] for sub in page.pages] + [name for name, _, _ in flags(page)] + extra(page)
    return " ".join(dict.fromkeys(words))


def bash_completion(name, page):
    function = "_" + name.replace("-", "_")
    cases = "".join(f"    {quoted(' '.join(sub.words))}) words={quoted(choices(sub))} ;;\n" for sub in leaves(page))
    verbs = " ".join(dict.fromkeys(word for sub in leaves(page) for word in sub.words))
    return f"""# bash completion for {name}
{function}()
{{
  local current=${{COMP_WORDS[COMP_CWORD]}} path= word words=
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case " {verbs} " in *" $word "*) path="${{path:+$path }}$word" ;; *) break ;; esac
  done
  case "$path" in
{cases}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -o bashdefault -F {function} {name}
"""


def zsh_completion(name, page):
    function = "_" + name.replace("-", "_")
    cases = "".join(f"    ({quoted(' '.join(sub.words))}) choices=({choices(sub)}) ;;\n" for sub in leaves(page))
    verbs = " ".join(dict.fromkeys(word for sub in leaves(page) for word in sub.words))
    return f"""#compdef {name}
{function}() {{
  local way="" word
  local -a choices
  for word in ${{words[2,CURRENT-1]}}; do
    [[ " {verbs} " == *" $word "* ]] || break
    way="${{way:+$way }}$word"
  done
  case "$way" in
{cases}  esac
  compadd -a choices
  _files
}}
{function} "$@"
"""


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def fish_quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_completion(name, page):
    text = f"# fish completion for {name}\n"
    for sub in leaves(page):
        seen = "; and ".join(f"__fish_seen_subcommand_from {word}" for word in sub.words)
        below = " ".join(child.words[-1] for child in sub.pages)
        here = "; and ".join(filter(None, [seen, f"not __fish_seen_subcommand_from {below}" if below else ""]))
        condition = f" -n {fish_quoted(here)}" if here else ""
        for child, (_, about) in zip(sub.pages, sub.entries if sub.pages else []):
            text += f"complete -c {name}{condition} -f -a {child.words[-1]} -d {fish_quoted(about)}\n"
        for option, value, about in flags(sub):
            text += f"complete -c {name}{condition} -l {option[2:]}{' -r' if value else ''} -d {fish_quoted(about)}\n"
    for option in extra(page):
        text += f"complete -c {name} -l {option[2:]}\n"
    return text


def write(path, text, compress=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode()
    path.write_bytes(gzip.compress(data, 9, mtime=0) if compress else data)


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    bin_folder, out = Path(arguments[0]).resolve(), Path(arguments[1])
    for name in arguments[2:] or [name for name in PROGRAMS if (bin_folder / name).exists()]:
        program = bin_folder / name
        version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
        page = read(program, [])
        write(out / name / "man/man1" / f"{name}.1.gz", man_page(name, version, page), compress=True)
        write(out / name / "bash-completion/completions" / name, bash_completion(name, page))
        write(out / name / "zsh/vendor-completions" / f"_{name}", zsh_completion(name, page))
        write(out / name / "fish/vendor_completions.d" / f"{name}.fish", fish_completion(name, page))


if __name__ == "__main__":
    main(sys.argv[1:])
