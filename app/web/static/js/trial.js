// Lets each pane show what its menu names, hands the handset to whoever was asked, and keeps the marks of live parts.
const show = (frame, address) => { if (frame && frame.getAttribute("src") !== address) frame.src = address; };
for (const menu of document.querySelectorAll("select[data-frame]")) {
  menu.addEventListener("change", () => show(document.getElementById(menu.dataset.frame), menu.value));
}
const chinese = document.documentElement.lang.startsWith("zh");
let asked = document.querySelector("#live .now")?.dataset.asked || "";
const optionOf = (menu, now) => {
  const known = menu.querySelector(`[data-number="${now.asked}"]`);
  if (known) return known;
  const option = menu.options[0].cloneNode();
  option.dataset.number = now.asked;
  option.textContent = `${chinese ? now.askedZh : now.askedEn} ${now.asked}`;
  option.value = option.value.replace(/number=[^&]*/, `number=${encodeURIComponent(now.asked)}`);
  menu.append(option);
  return option;
};
const follow = () => {
  const now = document.querySelector("#live .now")?.dataset;
  if (!now || !now.asked || now.asked === asked) return;
  asked = now.asked;
  const option = optionOf(document.getElementById("handset-of"), now);
  option.selected = true;
  show(document.getElementById("handset"), option.value);
};
document.body.addEventListener("htmx:afterSwap", follow);
