// The fixed words that scripts say, in the language of the page: the server writes them into it.

export const words = JSON.parse(document.querySelector("[data-words]")?.textContent ?? "{}");
