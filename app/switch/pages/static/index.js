// The list of lines, looked at anew every two seconds.

import { called, say, words } from "./line.js";

const EVERY = 2000;
const table = document.getElementById("lines"), none = document.getElementById("none");
const language = document.documentElement.lang;

function link(page, query, text, label) {
  const made = document.createElement("a");
  made.href = `${page}?${new URLSearchParams({ ...query, lang: language })}`;
  made.textContent = text;
  made.setAttribute("aria-label", `${label} ${text}`);
  return made;
}

function row(line) {
  const made = document.createElement("tr");
  const client = line.number.startsWith("client:") ? line.number.slice("client:".length) : null;
  const opens = client
    ? [link("/agent-line", { client }, words.as_phone, line.number)]
    : [link("/phone", { number: line.number }, words.as_phone, line.number),
       link("/handset", { number: line.number }, words.as_handset, line.number)];
  const cells = [[line.number], [say(`state_${line.state}`, { with: called(line.with) })], opens];
  for (const content of cells) made.insertCell().append(...content);
  return made;
}

async function look() {
  const answer = await fetch("/lines").catch(() => null);
  if (answer?.ok) {
    const { lines } = await answer.json();
    table.hidden = !lines.length;
    none.hidden = Boolean(lines.length);
    const wanted = lines.map(row), body = table.tBodies[0];
    // Replaced only if something changed: a reader's focus on a link must not be lost every two seconds.
    if (wanted.map((r) => r.outerHTML).join() !== [...body.rows].map((r) => r.outerHTML).join()) body.replaceChildren(...wanted);
  }
  setTimeout(look, EVERY);
}

look();
