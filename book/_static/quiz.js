// A chapter's quiz: compares what the reader answers with what stands in the page, and gives the reason.
(function () {
  "use strict";
  // A number as people write one: 0.25, 1/4, 25 %, １.５, 1,000; null if it is none.
  function read(text) {
    var plain = text.normalize("NFKC").replace(/\s/g, "").replace(/^=/, "").replace(/[−–]/g, "-").replace(/÷/g, "/");
    if (/^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replace(/,/g, "");
    plain = plain.replace(/,/g, ".");
    var found = /^(-?(?:\d+\.?\d*|\.\d+))(?:\/(\d+\.?\d*))?(%?)$/.exec(plain);
    if (!found) return null;
    var value = Number(found[1]) / (found[2] ? Number(found[2]) : 1);
    return isFinite(value) ? { value: value, percent: Boolean(found[3]) } : null;
  }

  function near(value, answer) {
    return Math.abs(value - answer) <= Math.max(1e-9, Math.abs(answer) * 0.005);
  }

  function judge(field) {
    var answer = field.dataset.answer;
    if (field.dataset.kind === "choice") {
      var chosen = field.querySelector("input:checked");
      if (!chosen) return "open";
      return chosen.value === answer ? "right" : "wrong";
    }
    var typed = field.querySelector("input").value;
    if (!typed.trim()) return "open";
    var number = read(typed);
    if (!number) return "unread";
    var right = near(number.percent ? number.value / 100 : number.value, Number(answer));
    return right || (number.percent && near(number.value, Number(answer))) ? "right" : "wrong";
  }

  function words(verdict) {
    if (verdict === "right") return say("Right.");
    if (verdict === "wrong") return say("Not yet. Try again, or show the answer.");
    if (verdict === "unread") return say("Write a number, such as 0.25, 1/4 or 25 %.");
    return say("Answer first.");
  }

  function tell(field, verdict, text) {
    field.dataset.verdict = verdict;
    field.querySelector(".quiz-verdict").textContent = text;
    field.querySelector(".quiz-why").hidden = verdict !== "right" && verdict !== "shown";
    field.querySelector(".quiz-show").hidden = verdict !== "wrong";
  }

  function check(field) {
    var verdict = judge(field);
    tell(field, verdict, words(verdict));
  }

  document.querySelectorAll("form[data-quiz]").forEach(function (form) {
    form.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target.matches("input")) {
        event.preventDefault();
        check(event.target.closest("fieldset"));
      }
    });
    form.addEventListener("click", function (event) {
      var field = event.target.closest("fieldset");
      if (event.target.matches(".quiz-check")) check(field);
      if (event.target.matches(".quiz-show")) {
        tell(field, "shown", say("The answer: {answer}", { answer: field.dataset.answer }));
        field.querySelector(".quiz-check").focus();
      }
    });
    form.addEventListener("input", function (event) {
      var field = event.target.closest("fieldset");
      if (field.dataset.verdict) tell(field, "", "");
    });
  });
})();
