-- Pictures that are asked for again, on condition that they have changed, and what became of the older ones.

-- What a picture was when it was saved: the ETag or Last-Modified of its answer, if it had one that is short.
alter table image add column validator text;

-- A picture that is done and is to be asked for again. The picture's own row stays as it is until another
-- picture has its name; this one is removed when it is known what became of it.
create table refresh (
    id integer primary key references image (id) on delete cascade,
    host_id integer not null references host (id),
    state integer not null default 0 check (state in (0, 1)),
    due_ms integer not null default 0,
    tries integer not null default 0,
    attempts integer not null default 0,
    interrupted integer not null default 0,
    run_id integer references run (id),
    check ((state = 0) = (run_id is null))
) strict;

create index refresh_ready on refresh (host_id, due_ms) where state = 0;
create index refresh_running on refresh (run_id) where state = 1;

alter table host add column refresh_due_ms integer;
create index host_with_refreshes on host (served) where refresh_due_ms is not null;

-- Pictures of an address other than the one that its row has: those it had before, and the one that is about
-- to be saved. That one stands here before its file gets its name, and changes places with the row's own.
create table version (
    id integer primary key,
    image_id integer not null references image (id) on delete cascade,
    -- coming: its file has its name soon, or has it already; kept: its file is left where it was; replaced:
    -- the next one got its name.
    how text not null check (how in ('coming', 'kept', 'replaced')),
    folder_id integer not null references folder (id),
    stem text not null,
    stem_key text,
    extension text not null,
    -- Whether the path is this one's own, and no image may have it.
    owns_path integer not null check (owns_path in (0, 1)),
    bytes integer not null,
    digest blob not null check (length(digest) = 32),
    http_status integer,
    saved_ms integer,
    saved_run_id integer references run (id),
    replaced_ms integer,
    replaced_run_id integer references run (id),
    check ((how = 'coming') = (replaced_ms is null)),
    check ((how = 'coming') = (saved_ms is null)),
    check (how = 'coming' or owns_path = (how = 'kept'))
) strict;

create index version_of_image on version (image_id);
create unique index version_coming on version (image_id) where how = 'coming';
create unique index version_path on version (folder_id, coalesce(stem_key, stem), extension)
where owns_path = 1;

alter table run add column images_changed integer not null default 0;
alter table run add column images_unchanged integer not null default 0;
alter table run add column refreshes_failed integer not null default 0;

-- Their kinds have one more: 'refresh', with the picture's id.
create table attempt_before as select * from attempt;
drop table attempt;
create table attempt (
    kind text not null check (kind in ('page', 'image', 'refresh')),
    task_id integer not null,
    number integer not null check (number >= 1),
    run_id integer not null references run (id),
    ended_ms integer not null,
    took_ms integer not null,
    error_class text not null,
    http_status integer,
    bytes integer not null,
    message text not null,
    primary key (kind, task_id, number)
) strict, without rowid;
insert into attempt select * from attempt_before;
drop table attempt_before;

create table tally_before as select * from tally;
drop table tally;
create table tally (
    kind text not null check (kind in ('page', 'image', 'refresh')),
    state integer not null check (state between 0 and 4),
    error_class text not null,
    tasks integer not null check (tasks >= 0),
    bytes integer not null check (bytes >= 0),
    primary key (kind, state, error_class)
) strict, without rowid;
insert into tally select * from tally_before;
drop table tally_before;

create view formers as
select
    version.id,
    version.image_id,
    folder.path || version.stem || version.extension as path,
    base.url || image.url_rest as url,
    version.how,
    version.bytes,
    lower(hex(version.digest)) as sha256,
    version.http_status,
    strftime('%Y-%m-%dT%H:%M:%fZ', version.saved_ms / 1000.0, 'unixepoch') as finished_at,
    version.saved_run_id as run_id,
    strftime('%Y-%m-%dT%H:%M:%fZ', version.replaced_ms / 1000.0, 'unixepoch') as replaced_at,
    version.replaced_run_id,
    now_folder.path || image.stem || image.extension as path_now
from version
join image on image.id = version.image_id
join base on base.id = image.base_id
join folder on folder.id = version.folder_id
join folder as now_folder on now_folder.id = image.folder_id
where version.how <> 'coming';

drop view runs;
create view runs as
select
    run.id,
    run.command,
    coalesce(run.ending, 'running') as ending,
    strftime('%Y-%m-%dT%H:%M:%fZ', run.started_ms / 1000.0, 'unixepoch') as started_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', run.ended_ms / 1000.0, 'unixepoch') as ended_at,
    run.ended_ms - run.started_ms as took_ms,
    run.pages_done,
    run.pages_failed,
    run.images_done,
    run.images_failed,
    run.images_skipped,
    run.tries_failed,
    run.bytes,
    recipe.file as recipe,
    run.version,
    run.images_changed,
    run.images_unchanged,
    run.refreshes_failed
from run
join recipe on recipe.id = run.recipe_id;

drop view hosts;
create view hosts as
select
    host.id,
    host.name,
    (select count(*) from image where image.host_id = host.id and image.state = 0) as images_ready,
    (select count(*) from page where page.host_id = host.id and page.state = 0) as pages_ready,
    strftime(
        '%Y-%m-%dT%H:%M:%fZ',
        max(
            (select min(due_ms) from (
                select host.page_due_ms as due_ms
                union all select host.image_due_ms
                union all select host.refresh_due_ms)),
            host.next_ms,
            host.blocked_until_ms
        ) / 1000.0,
        'unixepoch'
    ) as next_due_at,
    case
        when host.parkings > 5 then 'given_up'
        when host.parkings > 0 then 'parked'
        else 'open'
    end as state,
    strftime('%Y-%m-%dT%H:%M:%fZ', nullif(host.blocked_until_ms, 0) / 1000.0, 'unixepoch')
        as blocked_until,
    max(host.delay_ms, host.crawl_delay_ms) as delay_ms,
    host.crawl_delay_ms,
    host.failures,
    strftime('%Y-%m-%dT%H:%M:%fZ', host.robots_ms / 1000.0, 'unixepoch') as robots_read_at,
    robots.http_status as robots_status,
    robots.content as robots,
    (select count(*) from refresh where refresh.host_id = host.id and refresh.state = 0)
        as refreshes_ready
from host
left join robots on robots.host_id = host.id;
