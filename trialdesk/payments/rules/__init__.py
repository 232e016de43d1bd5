"""The language of results-based payment, on plain values: no database, no clock, no floating point.

A case (`case`) is read from YAML: `nodes` knows path and line, `shapes` and the `reading_…` modules say what may stand
where. `assess` evaluates it in steps, each on the lines of the one before:

1. the facts and terms known at an instant, and what had happened by a day (`facts`)
2. units: rules met by facts, each named once; 3. the version of terms in force for each (`units`)
4. what is required, by predicates (`predicates`, `conditions`); 5. completeness, window and grade (`grading`)
6. base and overhead, rounded once a line (`lines`)
7. ratios; 8. caps and the ceiling, in the order of recording (`limits`)
9. gates at month ends; 10. holdback (`gates`, `metrics`)
11. bonuses and penalties (`study_level`); 12. what is undone when a condition is lost (`units`, `evaluating`)
13. postings and their differences (`ledger`); 14. invoice and credit notes (`documents`)

`evaluating` takes steps 2 to 12 in their order. `reassessing` goes on from an earlier assessment after new facts and
reckons only the lines they touch; `reach` says which facts touch more.

`answer` writes the assessment as data, `reasons` and `wording` say why it is not more, `lint` finds bright lines.
"""
