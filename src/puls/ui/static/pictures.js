// A picture that its host no longer serves leaves its place to the words.

for (const picture of document.querySelectorAll("figure img")) {
  if (picture.complete && picture.naturalWidth === 0 && picture.currentSrc) withdraw(picture);
  else picture.addEventListener("error", () => withdraw(picture));
}

function withdraw(picture) {
  picture.closest("figure").remove();
}
