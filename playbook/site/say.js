// Says a sentence in the reader's language: say("{done} of {total} rows are right", { done: 2, total: 3 }).
// sayMany takes the sentence for one, the one for several, and the number that decides.
// The catalogue of another language than English is put in when the site is built (playbook/site/words.py).
// Plain old JavaScript: it runs before a browser is known to be new enough.
(function () {
  "use strict";
  var catalogue = {};

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) {
      return values && values[name] !== undefined ? String(values[name]) : whole;
    });
  }

  window.say = function (text, values) {
    var said = catalogue.messages && catalogue.messages[text];
    return fill(said || text, values);
  };

  window.sayMany = function (one, many, count, values) {
    var forms = catalogue.messages && catalogue.messages[one];
    return fill(forms ? forms[catalogue.plural(count)] : count === 1 ? one : many, values);
  };
})();
