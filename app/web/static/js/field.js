// Sends the phone's place along with "I am at the door", if its owner lets us; the step works without it.
for (const form of document.querySelectorAll("form.step")) {
  const latitude = form.querySelector("[name=latitude]");
  if (!latitude || !navigator.geolocation) continue;
  form.addEventListener("submit", (event) => {
    if (form.dataset.asked) return;
    event.preventDefault();
    form.dataset.asked = "yes";
    const button = form.querySelector("button");
    const go = () => form.requestSubmit(button);
    navigator.geolocation.getCurrentPosition(
      (found) => {
        latitude.value = found.coords.latitude;
        form.querySelector("[name=longitude]").value = found.coords.longitude;
        go();
      },
      go,
      { timeout: 4000, maximumAge: 60000, enableHighAccuracy: true },
    );
  });
}
