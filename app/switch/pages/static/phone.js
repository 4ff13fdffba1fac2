// The browser phone and the agent's line: dial, answer, keys, typed speech, and everything heard, aloud if wanted.

import { append, ask, bubble, called, follow, hour, number, say, trying, words } from "./line.js";

const find = (id) => document.getElementById(id);
const state = find("state"), transcript = find("transcript"), said = find("words-said"), dial = find("dial");
const TYPING_EVERY = 2000;
let now = "idle", typedAt = 0;

const notes = {
  calling: (e) => say("event_calling", { to: called(e.to) }), ringing: (e) => say("event_ringing", { from: called(e.from) }),
  connected: () => words.event_connected, recording: () => words.event_recording,
  collecting: (e) => e.kinds.includes("speech") ? words.event_collecting_speech : words.event_collecting,
  pressed: (e) => say("event_pressed", e) + (e.taken ? "" : words.unheard), recorded: (e) => say("event_recorded", e),
  bridged: (e) => say("event_bridged", { with: called(e.with) }), unbridged: () => words.event_unbridged,
  "joined-conference": () => words.event_joined, "left-conference": () => words.event_left,
  held: () => words.event_held, unheld: () => words.event_unheld,
  muted: () => words.event_muted, unmuted: () => words.event_unmuted,
  ended: (e) => say(`ended_${e.reason}`, e), text: (e) => e.text.to === number ? say("event_text", e.text) : "",
};

function write(event) {
  if (event.type === "heard") {
    const who = event.from ? called(event.from) : words.voice;
    const text = event.text || words[event.verb === "play" ? "sound" : event.verb];
    append(transcript, bubble(who, event.at, text, false, event.language));
  } else if (event.type === "said") {
    append(transcript, bubble(words.you, event.at, event.text + (event.taken ? "" : words.unheard), true, event.language));
  } else if (notes[event.type]?.(event)) {
    const item = document.createElement("li");
    item.className = "note";
    item.textContent = `${notes[event.type](event)} · ${hour(event.at)}`;
    append(transcript, item);
  }
}

function aloud(event) {
  if (!("speechSynthesis" in window)) return;
  if (["pressed", "ended", "said"].includes(event.type)) speechSynthesis.cancel();
  if (event.type !== "heard" || !event.text || !find("aloud").checked) return;
  const voice = new SpeechSynthesisUtterance(event.text);
  voice.lang = event.language === "en" ? "en-US" : event.language;
  speechSynthesis.speak(voice);
}

function show(name, other) {
  now = name;
  state.dataset.state = name;
  state.textContent = say(`state_${name}`, { with: called(other) });
  find("answer").hidden = find("reject").hidden = name !== "ringing";
  find("hangup").hidden = !["calling", "connected"].includes(name);
  if (dial) dial.hidden = name !== "idle";
}

// Not by trying(): looking anew must not wipe away the answer to what the person just did.
async function refresh() {
  const line = await ask("").catch(() => null);
  if (line) show(line.state, line.with);
}

function heard(event) {
  write(event);
  aloud(event);
  if (["calling", "ringing", "connected", "ended"].includes(event.type)) refresh();
  if (event.type === "connected") said.focus();
}

async function press(key) {
  const button = document.querySelector(`[data-key="${key}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 150);
  if (now === "idle" && dial) find("to").value += key;
  else await trying(() => ask("press", { digits: key }));
}

document.querySelectorAll("[data-key]").forEach((button) => button.addEventListener("click", () => press(button.dataset.key)));
document.addEventListener("keydown", (event) => {
  const busy = event.target.matches("input:not([type=checkbox])") || event.ctrlKey || event.metaKey || event.altKey;
  if (!busy && /^[0-9*#]$/.test(event.key) && now !== "idle") press(event.key);
});
for (const what of ["answer", "reject", "hangup"]) find(what).addEventListener("click", () => trying(() => ask(what, {})));
dial?.addEventListener("submit", (event) => {
  event.preventDefault();
  trying(() => ask("dial", { to: find("to").value.trim() }));
});
find("speak").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = said.value.trim();
  // Digits alone are keys, as on the terminal phone: nobody has to leave the field to press one.
  const sent = /^[0-9*#]+$/.test(text) ? { what: "press", body: { digits: text } } : { what: "speak", body: { text } };
  if (text && await trying(() => ask(sent.what, sent.body))) said.value = "";
});
said.addEventListener("input", () => {
  if (now !== "connected" || Date.now() - typedAt < TYPING_EVERY || /^[0-9*#]*$/.test(said.value)) return;
  typedAt = Date.now();
  ask("speak", { text: "" }).catch(() => {});
});

const line = await ask("").catch(() => null);
const past = await ask("log").catch(() => null);
const events = past?.events ?? [];
// After a reload only the present or the last call is shown, and nothing of it is read aloud again.
const current = line?.call ?? events.findLast((event) => event.call)?.call;
events.filter((event) => event.call === current).forEach(write);
if (line) show(line.state, line.with);
follow(past?.last ?? 0, heard, (gone) => gone ? show("lost") : refresh());
