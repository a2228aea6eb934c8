"""The passages of the model that are the same for every procedure, with gaps to be filled.

Among them is what each template of a requirement means: how it is judged after every event, and
what is remembered of it. Written from the templates themselves, for any requirement at once.

Templates: Pesic, Schonenberg and van der Aalst, "DECLARE: Full support for loosely-structured
processes" (EDOC 2007).
"""

from __future__ import annotations

from string import Template as Text

HEAD = Text("""\
/* $title

   Written by cpplan from the rules and the requirements of a procedure. One event is two steps of
   the search: a move, and its judgement. To look for the shortest breach of the requirement 1:

       spin -DWATCHED=1 -a FILE && gcc -DBFS -o pan pan.c && ./pan -E && ./pan -r

   With -DEXERCISE too, it looks for the shortest history that puts the requirement to the test.
   Without -DWATCHED both are read from the environment when the search begins, as
   $watched, $everything and $exercise.

   A step that is not kept is as it would have to be: it may stand or not, at any time. Any time
   may pass between two events; of dates only this is kept, whether a period has certainly run. */

#ifndef WATCHED
c_decl {
\\#include <stdlib.h>
}
#endif

#define stands(step) (step_##step || !kept_##step)
#define lacks(step)  (!step_##step || !kept_##step)
#define take(step)   step_##step = kept_##step
#define drop(step)   step_##step = 0

""")

WATCH = Text("""\
/* What is watched: the template, and what it remembers. */
mtype:template = { absence, existence, precedence, alternate_precedence, response,
                   not_succession, not_co_existence, not_until };
mtype:template template;
short watched;
bit timed;        /* a period has to run between the two sides */
bit limited;      /* the later side has to come in time */
bit covering;     /* the later side has to hold a list of the latest first side */
bit exercising;   /* look for an exercise, not for a breach */
bit everything;   /* keep every step */

bit first, later; /* the event shows the first side, the later side */
bit lifts;        /* it lifts a ban on the later side */
bit ends;         /* it ends the plan */
bit tried;        /* it is an occasion for what must never be */
bit covered;      /* its own rule asks for that list */
bit inside;       /* its own rule keeps it in time, counted from no later a day */

bit seen;         /* a first side that counts now */
bit seen_later;   /* a later side */
bit surely;       /* the period has certainly run since a first side that counts */
$declared
#define paired (template == not_co_existence)
#define renewed (template == alternate_precedence || (template == response && !timed))

/* With a period and a limit both, one first side might keep the one and another the other. */
#define breached ( \\
    (template == absence && first) || \\
    (template == existence && ends && !seen && !first) || \\
    ((template == precedence || template == alternate_precedence) && later && \\
        (!seen || (timed && !surely) || (limited && (timed || !inside)) || \\
            (covering && !covered))) || \\
    (template == response && seen && (limited || (ends && (timed || !later)))) || \\
    ((template == not_succession || template == not_until) && seen && later) || \\
    (paired && (seen || first) && (seen_later || later)))

#define exercised ( \\
    (template == absence && (first || tried)) || \\
    (template == existence && ends) || \\
    ((template == precedence || template == alternate_precedence) && later) || \\
    ((template == response || template == not_succession || template == not_until) && \\
        first) || \\
    (paired && (first || later)))

inline judge() {
$waited  seen = seen && !lifts;
  assert(exercising || !breached);
  assert(!exercising || !exercised);
  if
  :: later && renewed -> seen = 0; surely = 0$forgotten
  :: else
  fi;
$ordered  seen = seen || first;
  seen_later = paired && (seen_later || later);
$after  first = 0; later = 0; lifts = 0; ends = 0; tried = 0; covered = 0; inside = 0$cleared
}

""")


PROCESS = Text("""\
active proctype plan() {
  d_step {
#ifdef WATCHED
    watched = WATCHED;
    everything = 1;
#ifdef EXERCISE
    exercising = 1;
#endif
#else
    c_code {
      now.watched = atoi(getenv("$watched"));
      now.everything = atoi(getenv("$everything"));
      now.exercising = atoi(getenv("$exercise"));
    };
#endif
$chosen
  };
  do
  :: if\
""")

CLOCK = Text("""\

bit waited$n, begun$n, with$n; /* $clock: the event waited for it; its step
                 is taken; on no earlier a day than a first side that counts */
bit since$n;      /* it was begun no earlier than a first side that counts */
""")

LIMIT = Text("""\

bit moved$n;      /* $step is taken */
bit after$n;      /* and perhaps later than the latest first side */
""")

SINCE = Text("""\
  since$n = (seen || first) && (with$n || (seen && since$n && !begun$n));
""")

AFTER = Text("""\
  after$n = limited && !first && (after$n || moved$n);
""")
