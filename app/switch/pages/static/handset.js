// A handset: the texts of one number, and answering them.

import { append, ask, bubble, follow, number, trying, words } from "./line.js";

const thread = document.getElementById("thread"), body = document.getElementById("body"), to = document.getElementById("to");
const shown = new Set();

function show(text) {
  if (shown.has(text.sid)) return;
  shown.add(text.sid);
  const mine = text.from === number;
  append(thread, bubble(mine ? `${words.you} → ${text.to}` : text.from, text.at, text.body, mine));
  if (!mine) to.value = text.from;
}

document.getElementById("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = await trying(() => ask("texts", { to: to.value.trim(), body: body.value.trim() }));
  if (sent) {
    body.value = "";
    body.focus();
    show(sent);
  }
});

const line = await ask("").catch(() => null);
const past = await ask("texts").catch(() => null);
past?.texts.forEach(show);
follow(line?.last ?? 0, (event) => event.type === "text" && show(event.text), () => {});
