"""How the page looks. It loads nothing from anywhere."""

from typing import Final

STYLE: Final = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1f2328; --quiet: #59636e; --line: #d8dee4; --tint: #f3f4f8;
  --bot: #4752c4; --warn: #b35900; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #1e1f24; --ink: #e6e7ea; --quiet: #a0a6b0; --line: #3a3c44; --tint: #282a31; --bot: #9aa4ff;
    --warn: #ffb05c; }
}
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--ink);
  font: 15px/1.45 system-ui, sans-serif; }
header { padding: .6rem 1rem; border-bottom: 1px solid var(--line); display: flex; gap: 1rem; align-items: baseline; }
h1 { font-size: 1rem; margin: 0; }
header p, .none { margin: 0; color: var(--quiet); }
header p.missed { color: var(--warn); }
header a { color: var(--bot); }
/* From the end: the newest is in sight without a script that scrolls. */
main { flex: 1; overflow-y: auto; display: flex; flex-direction: column-reverse; }
ol { list-style: none; margin: 0 auto; padding: 1rem; width: 100%; max-width: 52rem; display: flex;
  flex-direction: column-reverse; gap: 1.1rem; }
.none { text-align: center; padding: 3rem 1rem; }
.asked { color: var(--quiet); font-size: .85rem; margin: 0 0 .3rem; }
.asked b { color: var(--ink); }
.message { border-left: 3px solid var(--bot); background: var(--tint); border-radius: 4px; padding: .5rem .8rem;
  margin: .3rem 0 0; overflow-wrap: anywhere; }
.message p { margin: 0; white-space: pre-wrap; }
.who { color: var(--bot); font-weight: 600; margin-right: .5rem; }
.note { color: var(--quiet); font-size: .82rem; }
.missed { color: var(--warn); }
.embed { border: 1px solid var(--line); border-left-width: 4px; border-radius: 4px; padding: .4rem .7rem;
  margin: .4rem 0 0; background: var(--ground); }
.embed h2 { font-size: .95rem; margin: 0 0 .2rem; }
.parts { display: flex; flex-wrap: wrap; gap: .4rem; margin: .4rem 0 0; padding: 0; }
.part { border: 1px solid var(--line); border-radius: 4px; padding: .15rem .6rem; background: var(--ground);
  font-size: .88rem; }
"""
