-- The crawl: what is to be done, what was done, and what became of every try.
--
-- Times are milliseconds since 1970 UTC (…_ms), durations milliseconds, sizes bytes. States are
-- 0 ready, 1 running, 2 done, 3 failed, 4 skipped; the views have words for them.

-- Every recipe this folder was crawled with, as it was written; the newest one is in force.
create table recipe (
    id integer primary key,
    file text not null,
    content text not null,
    stored_ms integer not null
) strict;

-- One process working on the crawl folder. An open ending means: running now, or crashed.
create table run (
    id integer primary key autoincrement,
    recipe_id integer not null references recipe (id),
    command text not null,
    version text not null,
    boot text not null,
    started_ms integer not null,
    ended_ms integer,
    ending text check (ending in ('finished', 'stopped', 'broken', 'crashed')),
    pages_done integer not null default 0,
    pages_failed integer not null default 0,
    images_done integer not null default 0,
    images_failed integer not null default 0,
    images_skipped integer not null default 0,
    tries_failed integer not null default 0,
    bytes integer not null default 0,
    check (ended_ms is null or ending is not null)
) strict;

-- A host and port. page_due_ms and image_due_ms are never later than the earliest due time of its
-- ready tasks, and null only if it has none; served says which host had its turn longest ago.
create table host (
    id integer primary key,
    name text not null unique,
    served integer not null default 0,
    page_due_ms integer,
    image_due_ms integer
) strict;

create index host_with_pages on host (served) where page_due_ms is not null;
create index host_with_images on host (served) where image_due_ms is not null;

create table page (
    id integer primary key,
    host_id integer not null references host (id),
    url text not null unique,
    -- The page that led here; null for a start page.
    via_id integer references page (id),
    state integer not null default 0 check (state between 0 and 4),
    -- Not before this; 0 for a task that was never tried, so that no retry overtakes it.
    due_ms integer not null default 0,
    -- Tries since it was discovered or retried by command; attempts counts them all.
    tries integer not null default 0,
    attempts integer not null default 0,
    -- Runs that crashed while they held it.
    interrupted integer not null default 0,
    -- The run that holds it or ended it.
    run_id integer references run (id),
    ended_ms integer,
    took_ms integer,
    http_status integer,
    bytes integer,
    error_class text,
    -- Items the recipe found, how many of them had no picture, how many pictures were new.
    items integer,
    items_without_image integer,
    new_images integer,
    encoding text,
    check ((state = 0) = (run_id is null)),
    check ((state in (0, 1)) = (ended_ms is null)),
    check ((state in (3, 4)) = (error_class is not null)),
    check (state <> 2 or (bytes is not null and items is not null))
) strict;

create index page_ready on page (host_id, due_ms) where state = 0;
create index page_running on page (run_id) where state = 1;
create index page_failed on page (error_class) where state = 3;
create index page_without_items on page (id) where state = 2 and items = 0;

-- Addresses up to their last slash, and folders below the crawl folder: each stored once.
create table base (
    id integer primary key,
    url text not null unique
) strict;

create table folder (
    id integer primary key,
    path text not null unique
) strict;

create table image (
    id integer primary key,
    host_id integer not null references host (id),
    -- The page it was discovered on.
    page_id integer not null references page (id),
    base_id integer not null references base (id),
    url_rest text not null,
    folder_id integer not null references folder (id),
    stem text not null,
    -- The stem as it is compared (case and Unicode form folded); null where it is the stem itself.
    stem_key text,
    extension text not null,
    -- The caption as the page has it; null where it is the stem itself.
    caption text,
    state integer not null default 0 check (state between 0 and 4),
    due_ms integer not null default 0,
    tries integer not null default 0,
    attempts integer not null default 0,
    interrupted integer not null default 0,
    run_id integer references run (id),
    ended_ms integer,
    took_ms integer,
    http_status integer,
    bytes integer,
    digest blob,
    error_class text,
    -- Whether no other image may have the path. Apart from the state, so that the index of paths is
    -- not written each time the state changes.
    owns_path integer not null default 1 check (owns_path in (0, 1)),
    -- The image that owns the path, for those skipped with class path_taken.
    owner_id integer references image (id),
    check ((state = 0) = (run_id is null)),
    check ((state in (0, 1)) = (ended_ms is null)),
    check ((state in (3, 4)) = (error_class is not null)),
    check ((state = 4) = (owns_path = 0)),
    check (state <> 2 or (bytes is not null and length(digest) = 32)),
    check (owner_id is null or error_class = 'path_taken')
) strict;

create unique index image_address on image (base_id, url_rest);
create unique index image_path on image (folder_id, coalesce(stem_key, stem), extension)
where owns_path = 1;
create index image_owner on image (owner_id) where owner_id is not null;
create index image_ready on image (host_id, due_ms) where state = 0;
create index image_running on image (run_id) where state = 1;
create index image_failed on image (error_class) where state = 3;
create index image_skipped on image (error_class) where state = 4;

-- One failed or skipped try of a task; a successful one stands in the task's own row.
create table attempt (
    kind text not null check (kind in ('page', 'image')),
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

-- How many tasks stand where, kept in step by every transaction, so that nobody counts rows.
create table tally (
    kind text not null check (kind in ('page', 'image')),
    state integer not null check (state between 0 and 4),
    error_class text not null,
    tasks integer not null check (tasks >= 0),
    bytes integer not null check (bytes >= 0),
    primary key (kind, state, error_class)
) strict, without rowid;
