// A picture that its host no longer serves leaves its place to a poster of ours where there is one, else to the words; also
// one that arrives later.

export function withdrawMissing(root) {
  root.addEventListener("error", ({ target }) => withdraw(target), { capture: true });
  for (const picture of root.querySelectorAll("figure img")) {
    if (picture.complete && picture.naturalWidth === 0 && picture.currentSrc) withdraw(picture);
  }
}

function withdraw(picture) {
  if (!picture.matches?.("figure img")) return;
  const { poster } = picture.dataset;
  if (poster && picture.getAttribute("src") !== poster) {
    picture.src = poster;
    picture.parentElement.querySelector("figcaption")?.remove();
  } else picture.closest("figure").remove();
}
