// The link that was made: copied, or handed to the phone's own ways of sharing.

const button = document.querySelector("[data-copy]");
const { href: url } = document.querySelector("[data-link]");
const said = document.querySelector("[data-said]");

button.hidden = false;
button.addEventListener("click", async () => {
  if (navigator.share) {
    await navigator.share({ title: button.dataset.title, url }).catch(() => {}); // they changed their mind
    return;
  }
  try {
    await navigator.clipboard.writeText(url);
    said.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(document.querySelector("[data-link]")); // to be copied by hand
  }
});
