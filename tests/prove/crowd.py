"""Many made-up people by set-based SQL: common and rare names, a birth date, a telephone, now and then a case."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import product

import psycopg

from medet.base.names import fold

ROOTS = (
    "Ахмет Серік Жұма Нұр Тұрсын Қуаныш Бек Оспан Әбді Сейт Мұхамед Қали Тілеу Есен Смағұл Дүйсен Қасым Ермек Бай "
    "Темір Сапар Төле Жан Құдай Рахым Мырза Ораз Шайм Алтын Бақыт Иван Петр Кузнец Смирн Волк Новик Морозк Соловей "
    "Щегл Ершк Гаврил Степан"
)
MIDDLES = "ан бек бай мұрат жан хан тай ғали әлі дін ерд гелді берген қожа бол тас мағам сұл рат қыл"
ENDINGS = "ов ова ев ева ин ина ұлы қызы енко ский ская"
GIVEN_ROOTS = "Нұр Ай Бақ Ер Гүл Сәу Мәд Дан Жан Қай Тим Алм Рау Зәу Бол Мар Виктор Юл Алекс Свет Ел Ир"
GIVEN_ENDINGS = "лан гүл ыт бол нар ина"

TABLES = """
create temp table surname (n serial, name text, fold text) on commit drop;
create temp table given (n serial, name text, fold text) on commit drop;
"""
# A power of the random number makes some names common and most rare, as they are.
PEOPLE = """
with drawn as (
  select n, floor(power(random(), 2.2) * %(surnames)s)::int + 1 as s,
    floor(power(random(), 1.6) * %(givens)s)::int + 1 as g, floor(power(random(), 1.6) * %(givens)s)::int + 1 as p,
    floor(random() * 35000)::int as days, random() as place
  from generate_series(1, %(count)s) n)
insert into people_person (id, uid, root_id, organisation_id, iin_hash, iin_cipher, temporary_number, family_name,
  given_name, patronymic, name_sort, family_fold, given_fold, patronymic_fold, birth_date, sex, language, created_at)
select %(base)s + drawn.n, gen_random_uuid(), %(base)s + drawn.n,
  case when place < 0.5 then %(large)s
    else (%(others)s::bigint[])[1 + drawn.n %% cardinality(%(others)s::bigint[])] end,
  sha256(drawn.n::text::bytea), '\\x00'::bytea, '', s.name, g.name, p.name || 'ұлы', s.fold || ' ' || g.fold,
  s.fold, g.fold,
  p.fold || 'ули', date '1930-01-01' + days, 'unknown', 'kk', now()
from drawn join surname s on s.n = drawn.s join given g on g.n = drawn.g join given p on p.n = drawn.p
"""
PHONES = """
insert into people_phone (uid, person_id, number, whose, holder_name, state, state_reason, position)
select gen_random_uuid(), %(base)s + n, '+7705' || lpad(n::text, 7, '0'), 'own', '', 'unchecked', '', 0
from generate_series(1, %(count)s) n
"""
CASES = """
insert into people_episode (person_id, organisation_id, reason, object_uid, since)
select %(base)s + n, %(large)s, 'case', gen_random_uuid(), now() from generate_series(1, %(count)s, 20) n
"""
KNOWN = "insert into people_{table} (fold) select fold from {names} on conflict do nothing"
PLAIN_INDEXES = """
select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
where indrelid in ('people_person'::regclass, 'people_phone'::regclass) and not indisunique
"""
BASE = 10_000_000


def crowd(owner: psycopg.Connection, count: int, *, large: int, others: Sequence[int]) -> None:
    """So many people: half registered by one large organisation, the rest spread over the others.

    The connection is the superuser's: a million references that are right by construction are not looked up.
    """
    owner.execute("set session_replication_role = replica")
    with owner.transaction(), _without_indexes(owner):
        owner.execute(TABLES)
        middles = ["", *MIDDLES.split()]
        surnames = _joined(ROOTS.split(), middles, ["", "бек", "ғали"], ENDINGS.split())
        givens = _joined(GIVEN_ROOTS.split(), GIVEN_ENDINGS.split())
        for table, names, known in (("surname", surnames, "surname"), ("given", givens, "givenname")):
            with owner.cursor() as cursor, cursor.copy(f"copy {table} (name, fold) from stdin") as copy:
                for name in names:
                    copy.write_row((name, fold(name)))
            owner.execute(KNOWN.format(table=known, names=table))
        values: dict[str, int | list[int]] = {
            "surnames": len(surnames), "givens": len(givens), "base": BASE, "count": count,
            "large": large, "others": list(others),
        }  # fmt: skip
        for statement in (PEOPLE, PHONES, CASES):
            owner.execute(statement, values)


@contextmanager
def _without_indexes(owner: psycopg.Connection) -> Iterator[None]:
    """Indexes that keep no rule are made anew afterwards, which is much faster."""
    plain = owner.execute(PLAIN_INDEXES).fetchall()
    for name, _definition in plain:
        owner.execute(f"drop index {name}")
    yield
    for _name, definition in plain:
        owner.execute(definition)


def _joined(*parts: Iterable[str]) -> list[str]:
    """All names of these parts, in an order that has nothing to do with the letters and is the same each time."""
    return sorted({"".join(one) for one in product(*parts)}, key=lambda name: sha256(name.encode()).hexdigest())
