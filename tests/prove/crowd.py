"""Many made-up people by set-based SQL: common and rare names, a birth date, a telephone, now and then a case."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import product

from django.db import connection

from medet.base.actor import WORKER
from medet.base.names import fold
from medet.base.scope import scope

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
  from generate_series(%(first)s, %(last)s) n)
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
from generate_series(%(first)s, %(last)s) n
"""
CASES = """
insert into people_episode (person_id, organisation_id, reason, object_uid, since)
select %(base)s + n, %(large)s, 'case', gen_random_uuid(), now() from generate_series(%(first)s, %(last)s, 20) n
"""
KNOWN = "insert into people_{table} (fold) select fold from {names} on conflict do nothing"
BATCH = 250_000
BASE = 10_000_000


def crowd(count: int, *, large: int, others: Sequence[int]) -> None:
    """So many people: half registered by one large organisation, the rest spread over the others."""
    middles = ["", *MIDDLES.split()]
    surnames = _joined(ROOTS.split(), middles, ["", "бек", "ғали"], ENDINGS.split())
    givens = _joined(GIVEN_ROOTS.split(), GIVEN_ENDINGS.split())
    for first in range(1, count + 1, BATCH):
        with scope(WORKER), connection.cursor() as cursor:
            cursor.execute(TABLES)
            for table, names, known in (("surname", surnames, "surname"), ("given", givens, "givenname")):
                cursor.executemany(f"insert into {table} (name, fold) values (%s, %s)", _folded(names))
                cursor.execute(KNOWN.format(table=known, names=table))
            values: dict[str, int | list[int]] = {
                "surnames": len(surnames), "givens": len(givens), "base": BASE, "first": first,
                "last": min(count, first + BATCH - 1), "large": large, "others": list(others),
            }  # fmt: skip
            for statement in (PEOPLE, PHONES, CASES):
                cursor.execute(statement, values)


def _joined(*parts: Iterable[str]) -> list[str]:
    """All names of these parts, in an order that has nothing to do with the letters and is the same each time."""
    return sorted({"".join(one) for one in product(*parts)}, key=lambda name: sha256(name.encode()).hexdigest())


def _folded(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, fold(name)) for name in names]
