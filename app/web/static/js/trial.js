// Lets each pane show what its menu names, follows the newest order, and hands the handset to whoever was asked.
const show = (frame, address) => { if (frame && frame.dataset.shown !== address) { frame.dataset.shown = address; frame.src = address; } };
for (const menu of document.querySelectorAll("select[data-frame]")) {
  menu.addEventListener("change", () => show(document.getElementById(menu.dataset.frame), menu.value));
}
let asked = "";
document.body.addEventListener("htmx:afterSwap", () => {
  const now = document.querySelector("#live .now");
  if (!now || !now.dataset.page) return;
  show(document.getElementById("timeline"), now.dataset.page);
  if (now.dataset.asked && now.dataset.asked !== asked) {
    asked = now.dataset.asked;
    const menu = document.getElementById("worker");
    let option = menu.querySelector(`[data-number="${asked}"]`);
    if (!option) {
      option = menu.options[0].cloneNode();
      option.dataset.number = asked;
      option.textContent = asked;
      option.value = option.value.replace(/number=[^&]*/, `number=${encodeURIComponent(asked)}`);
      menu.append(option);
    }
    option.selected = true;
    show(document.getElementById("handset"), option.value);
  }
});
