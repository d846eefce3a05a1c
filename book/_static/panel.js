// Opens the panel of a chapter in the chapter's own page: a frame with the exercise that shows its panel alone (see
// the browser edition's alone.js). Nothing is loaded before the reader asks for it. Where a panel cannot run in the
// page, the card keeps its link to the exercise.
(function () {
  "use strict";

  function canRunHere() {
    return Boolean(
      /^https?:$/.test(location.protocol) && window.WebAssembly && window.Worker && window.indexedDB && window.Promise,
    );
  }

  function enhance(card) {
    var row = card.querySelector("[data-panel-ways]");
    var link = row.querySelector("a");
    var place = card.querySelector("[data-panel-place]");
    var picture = card.querySelector(".panel-picture");
    var status = card.querySelector("[data-panel-status]");
    var button = document.createElement("button");
    var frame = null;

    function open() {
      frame = document.createElement("iframe");
      frame.className = "panel-frame";
      frame.dataset.state = "waiting";
      frame.title = place.dataset.title;
      frame.src = place.dataset.panelPlace;
      place.append(frame);
      button.textContent = say("Close the panel");
      button.classList.remove("primary");
      button.setAttribute("aria-expanded", "true");
      link.hidden = false;
      status.textContent = say("Python starts in this page. This takes a few seconds, the first time a little longer.");
    }

    function close() {
      frame.remove();
      frame = null;
      picture.hidden = false;
      button.textContent = button.dataset.closed;
      button.classList.add("primary");
      button.setAttribute("aria-expanded", "false");
      link.hidden = true;
      status.textContent = "";
      button.focus();
    }

    // The picture gives way only when the panel is there.
    function show(words) {
      frame.dataset.state = "shown";
      picture.hidden = true;
      status.textContent = words;
    }

    window.addEventListener("message", function (event) {
      var told = event.data;
      if (!frame || event.source !== frame.contentWindow || event.origin !== location.origin || told.playbook !== "panel") {
        return;
      }
      if (told.height) {
        frame.style.height = told.height + "px";
      }
      if (told.ready) {
        show(say("The panel is ready. What you try here changes nothing in your notebook."));
      }
      if (told.failed) {
        show(say("The panel cannot run in this page."));
      }
    });

    button.type = "button";
    button.className = "course-button primary";
    button.dataset.closed = say("Try the panel here");
    button.textContent = button.dataset.closed;
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", place.id);
    button.addEventListener("click", function () {
      if (frame) {
        close();
      } else {
        open();
      }
    });
    link.classList.remove("primary");
    link.firstChild.textContent = say("Open the notebook");
    link.hidden = true;
    row.insertBefore(button, link);
  }

  function start() {
    if (canRunHere()) {
      Array.prototype.forEach.call(document.querySelectorAll(".panel-card"), function (card) {
        if (card.querySelector("[data-panel-place]")) {
          enhance(card);
        }
      });
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
