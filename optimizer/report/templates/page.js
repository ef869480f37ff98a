(function () {
  "use strict";
  var body = document.body;
  document.getElementById("language").addEventListener("click", function () {
    var next = body.dataset.lang === "en" ? "zh" : "en";
    body.dataset.lang = next;
    document.documentElement.lang = next;
    document.querySelectorAll("[data-" + next + "]").forEach(function (part) {
      part.textContent = part.dataset[next];
    });
  });
  var kept = null;
  function seek(who) {
    body.classList.toggle("seeks", who !== null);
    document.querySelectorAll("[data-who]").forEach(function (part) {
      part.classList.toggle("found", part.dataset.who === who);
    });
  }
  function whoOf(event) {
    var part = event.target.closest("[data-who]");
    return part ? part.dataset.who : null;
  }
  document.addEventListener("mouseover", function (event) {
    if (kept === null) { seek(whoOf(event)); }
  });
  document.addEventListener("click", function (event) {
    var who = whoOf(event);
    kept = who === kept ? null : who;
    seek(kept);
  });
})();
