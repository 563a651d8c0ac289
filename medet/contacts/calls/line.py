"""Which line of a person may be rung, and what is spoken on it: parts of the SQL that every way to a call shares.

They join on `p`, the person, and `e`, the enrolment.
"""

# The first line of this human being that is not known to be bad.
LINE = """    join lateral (
      select ph.id, ph.number from people_phone ph join people_person own on own.id = ph.person_id
       where own.root_id = p.root_id and ph.state in ('unchecked', 'checked')
         -- "Do not call" is said of a line, whoever it is noted under; "bad" of the line of this human being.
         and not exists (
           select 1 from people_phone no join people_person whose on whose.id = no.person_id
            where no.number = ph.number
              and (no.state = 'do_not_call' or (no.state = 'bad' and whose.root_id = p.root_id))
         )
       order by ph.position, ph.id limit 1
    ) ph on true
"""
# The last word of this human being, whichever record it was said under.
CONSENT = """    left join lateral (
      select c.revoked_at is null as given from people_consent c join people_person said on said.id = c.person_id
       where said.root_id = p.root_id and c.kind = 'robot_calls'
       order by c.given_at desc, c.id desc limit 1
    ) consent on true
"""
# Nobody rings a family about somebody who is recorded as dead, whichever centre said so; a case that was opened after
# that record says that it was wrong.
LIVING = """     and not exists (
       select 1 from people_person self join records_case dead on dead.person_id = self.id
        where self.root_id = p.root_id and dead.state = 'died'
          and dead.ended_at >= (select own.opened_at from records_case own where own.id = e.case_id)
     )
"""
# The version in force.
PROGRAMME = """    join lateral (
      select id, content from monitoring_programme where code = e.programme_code order by version desc limit 1
    ) pr on true
"""
