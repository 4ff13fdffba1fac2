// One line of the switch, as its pages use it: requests, the stream of events, words and times.

export const words = JSON.parse(document.getElementById("words").textContent);
export const { line: number, hotline, timezone } = document.body.dataset;
const path = `/lines/${encodeURIComponent(number)}`;

if (window.self !== window.top) document.documentElement.classList.add("framed");

/** A text by key, its {names} filled in. */
export function say(key, facts = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

/** A line as people call it: the hotline and agents by what they are, all others by their number. */
export function called(line) {
  if (line === hotline) return words.the_hotline;
  return line?.startsWith("client:") ? words.the_agent : line ?? "";
}

/** POST to the line, or GET if there is no body; throws an Error whose message is the text to show. */
export async function ask(what, body) {
  const url = what ? `${path}/${what}` : path;
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const answer = await fetch(url, options).catch(() => null);
  const result = answer ? await answer.json().catch(() => ({})) : {};
  if (!answer?.ok) {
    const key = `error_${result.error}`;
    throw new Error(words[key] ?? words.error_other);
  }
  return result;
}

/** Follow the line's events after `since`; `lost` is told true and false as the connection goes and comes. */
export function follow(since, heard, lost) {
  const stream = new EventSource(`${path}/events?since=${since}`);
  stream.onmessage = (message) => heard(JSON.parse(message.data));
  stream.onerror = () => lost(true);
  stream.onopen = () => lost(false);
}

/** The hour of an event, in the district. */
export function hour(at) {
  return new Date(at).toLocaleTimeString(document.documentElement.lang, { timeZone: timezone, hour12: false });
}

/** Show what went wrong, or clear it. */
export async function trying(work) {
  const problem = document.getElementById("problem");
  try {
    problem.textContent = "";
    return await work();
  } catch (error) {
    problem.textContent = error.message;
    return null;
  }
}

/** Append an entry to a list and keep the end in view. */
export function append(list, item) {
  document.getElementById("nothing").hidden = true;
  list.append(item);
  list.parentElement.scrollTop = list.parentElement.scrollHeight;
}

/** A bubble: who said it and when, then the text, its links clickable. */
export function bubble(who, at, text, mine, language) {
  const item = document.createElement("li");
  item.className = mine ? "bubble mine" : "bubble";
  const head = document.createElement("span");
  head.className = "who";
  head.textContent = `${who} · ${hour(at)}`;
  const body = document.createElement("span");
  if (language) body.lang = language;
  body.append(...linked(text));
  item.append(head, body);
  return item;
}

function linked(text) {
  return text.split(/(https?:\/\/[\x21-\x7e]+)/).map((part, index) => {
    if (index % 2 === 0) return document.createTextNode(part);
    const link = document.createElement("a");
    link.href = link.textContent = part;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  });
}
