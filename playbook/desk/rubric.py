"""The one rubric of five lines: for a defence, and for every text that a person reads."""

from playbook.words import N_

#: What a point is given for, by column of the assessors' table: asked in these words.
RUBRIC = {
    "decision": N_("The trainee says what is done, by whom and from when on."),
    "evidence": N_("A number of the plan carries it, and the trainee knows where it comes from."),
    "counter_evidence": N_("The trainee names what speaks against it without being asked."),
    "next_step": N_("There is a next step with a date, and a number at which it is given up."),
    "plain_words": N_("Somebody who does not know the course would have understood it."),
}
