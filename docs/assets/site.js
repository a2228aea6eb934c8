// What the theme leaves out for those who listen to a page, or use it by keyboard. Ours.

window.addEventListener("load", () => {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  // The lists within the navigation are named like the pages that they are of.
  for (const list of document.querySelectorAll("nav nav[data-md-level]")) {
    const title = list.querySelector(":scope > .md-nav__title").textContent.trim();
    list.removeAttribute("aria-labelledby");
    list.setAttribute("aria-label", `Pages of ${title}`);
  }
  // The theme puts each table in a box that scrolls, when the page has loaded.
  setTimeout(() => {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
      box.setAttribute("tabindex", "0");
    }
  });
});
