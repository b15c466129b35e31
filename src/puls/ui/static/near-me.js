// « Près de moi »: asks the browser for a position, rounds it to about 100 m and sends the question with it.
// Without JavaScript or geolocation the button stays hidden and the page works as it is.

const PATIENCE_MILLISECONDS = 10_000;
const DECIMALS = 3; // about 100 m

for (const button of document.querySelectorAll("[data-near-me]")) {
  if (!("geolocation" in navigator)) break;
  button.hidden = false;
  button.addEventListener("click", () => askNear(button));
}

function askNear(button) {
  const form = button.closest("form");
  const said = form.querySelector("[data-near-me-said]");
  said.textContent = button.dataset.waiting;
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      put(form, "lat", coords.latitude);
      put(form, "lon", coords.longitude);
      const question = form.elements.namedItem("q");
      if (!question.value.trim()) question.value = button.dataset.question;
      form.submit();
    },
    () => {
      said.textContent = button.dataset.refused;
      button.disabled = false;
    },
    { timeout: PATIENCE_MILLISECONDS, maximumAge: 60_000 },
  );
}

function put(form, name, degrees) {
  let field = form.elements.namedItem(name);
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name });
    form.append(field);
  }
  field.value = degrees.toFixed(DECIMALS);
}
