// What the theme leaves out for those who listen to a page, or use it by keyboard. Ours.

window.addEventListener("load", () => {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  // The theme puts each table in a box that scrolls, when the page has loaded.
  setTimeout(() => {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
      box.setAttribute("tabindex", "0");
    }
  });
});
