// A picture that its host no longer serves leaves its place to the words, also one that arrives later.

export function withdrawMissing(root) {
  root.addEventListener("error", ({ target }) => withdraw(target), { capture: true });
  for (const picture of root.querySelectorAll("figure img")) {
    if (picture.complete && picture.naturalWidth === 0 && picture.currentSrc) withdraw(picture);
  }
}

function withdraw(picture) {
  if (picture.matches?.("figure img")) picture.closest("figure").remove();
}
