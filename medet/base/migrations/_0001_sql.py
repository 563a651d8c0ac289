"""SQL of 0001 that is not a table: rights of the two roles, the append-only guard, the maker of monthly partitions.

Frozen with its migration: a later change is a new migration with `create or replace`.
"""

APP_ROLE = "medet_app"
APPEND_ONLY = ("journal_entry", "audit_entry", "evidence", "seal")

# Runs first of all migrations that matter: tables made later by other rooms get the rights by default.
GRANTS = f"""
do $$ begin
  if not exists (select from pg_roles where rolname = '{APP_ROLE}') then
    raise exception 'the role {APP_ROLE} is missing'
      using hint = 'create role {APP_ROLE} login password ...; the owner role only migrates';
  end if;
end $$;
grant select, insert, update, delete on all tables in schema public to {APP_ROLE};
grant usage, select on all sequences in schema public to {APP_ROLE};
alter default privileges in schema public grant select, insert, update, delete on tables to {APP_ROLE};
alter default privileges in schema public grant usage, select on sequences to {APP_ROLE};
"""

# Not against the application, which has no right at all, but against an owner's slip of the hand.
GUARD = """
create function medet_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
"""
NO_GUARD = "drop function medet_append_only() cascade"


def append_only(table: str) -> str:
    """Takes UPDATE and DELETE from the application and guards against the owner."""
    return f"""
revoke update, delete on {table} from {APP_ROLE};
create trigger append_only before update or delete on {table}
  for each row execute function medet_append_only();
"""


# Made apart and then attached, because CREATE TABLE ... PARTITION OF would lock all readers and writers out.
# Rows of the month that had already fallen into the default partition move along.
# The application reaches partitions through their table only: there the policies hold.
PARTITIONS = f"""
create function medet_make_partition(parent regclass, month date) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  part text := format('%s_%s', (select relname from pg_class where oid = parent), to_char(month, 'YYYY_MM'));
  rest text := format('%s_rest', (select relname from pg_class where oid = parent));
  col text := (select a.attname from pg_partitioned_table p
               join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
               where p.partrelid = parent);
  lower timestamptz := make_timestamptz(extract(year from month)::int, extract(month from month)::int, 1, 0, 0, 0, 'UTC');
  upper timestamptz := make_timestamptz(extract(year from month + interval '1 month')::int,
                                        extract(month from month + interval '1 month')::int, 1, 0, 0, 0, 'UTC');
begin
  if to_regclass(format('public.%I', part)) is not null then return; end if;
  execute format('create table public.%I (like %s including all excluding identity)', part, parent);
  execute format('revoke all on public.%I from {APP_ROLE}', part);
  execute format('alter table public.%I disable trigger user', rest);
  execute format('with moved as (delete from public.%1$I where %2$I >= %3$L and %2$I < %4$L returning *)
                  insert into public.%5$I overriding system value select * from moved', rest, col, lower, upper, part);
  execute format('alter table public.%I enable trigger user', rest);
  execute format('alter table %s attach partition public.%I for values from (%L) to (%L)', parent, part, lower, upper);
end $$;
revoke execute on function medet_make_partition(regclass, date) from public;

create function medet_make_partitions(until date, since date default current_date) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  parent regclass;
  month date;
begin
  if until > since + 3660 then
    raise exception 'no more than ten years of partitions at once';
  end if;
  perform pg_advisory_xact_lock(hashtext('medet_make_partitions'));
  for parent in select p.partrelid from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
                where p.partstrat = 'r' and c.relnamespace = 'public'::regnamespace order by c.relname loop
    for month in select generate_series(date_trunc('month', since), date_trunc('month', until), '1 month')::date loop
      perform medet_make_partition(parent, month);
    end loop;
  end loop;
end $$;
revoke execute on function medet_make_partitions(date, date) from public;
grant execute on function medet_make_partitions(date, date) to {APP_ROLE};
"""
NO_PARTITIONS = "drop function medet_make_partitions(date, date); drop function medet_make_partition(regclass, date)"
