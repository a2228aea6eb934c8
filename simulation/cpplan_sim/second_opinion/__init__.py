"""A second opinion: procedures with their requirements as Promela, checked by SPIN.

Begin with :mod:`cpplan_sim.second_opinion.opinion`, which compares, or with
:mod:`cpplan_sim.second_opinion.promela`, which writes the model. The model is a translation of its
own: nothing but the comparison knows the prover.
"""
