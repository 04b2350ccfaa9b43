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
    -- Pictures that were asked for again: those that had changed, those that had not, those not to be had.
    images_changed integer not null default 0,
    images_unchanged integer not null default 0,
    refreshes_failed integer not null default 0,
    tries_failed integer not null default 0,
    bytes integer not null default 0,
    check (ended_ms is null or ending is not null)
) strict;

-- A host and port. page_due_ms, image_due_ms and refresh_due_ms are never later than the earliest due time
-- of its ready tasks, and null only if it has none; served says which host had its turn longest ago. How
-- considerate the crawl has to be of it is kept, so that a restart forgets no wait.
create table host (
    id integer primary key,
    name text not null unique,
    served integer not null default 0,
    page_due_ms integer,
    image_due_ms integer,
    refresh_due_ms integer,
    -- No request begins before this: the delay after the last one.
    next_ms integer not null default 0,
    -- Nothing is asked before this: the host said so (Retry-After), or it is parked.
    blocked_until_ms integer not null default 0,
    -- The wait between two requests that is in force, and the one that robots.txt asks for.
    delay_ms integer not null default 0,
    crawl_delay_ms integer not null default 0,
    -- Failures since the last answer, and how often the host was parked since then; after too many
    -- parkings it is given up.
    failures integer not null default 0,
    parkings integer not null default 0,
    -- When robots.txt was last had, or was found not to be there; null if never.
    robots_ms integer
) strict;

create index host_with_pages on host (served) where page_due_ms is not null;
create index host_with_images on host (served) where image_due_ms is not null;
create index host_with_refreshes on host (served) where refresh_due_ms is not null;

-- The robots.txt of each host; apart from the hosts, whose rows change with every claim.
create table robots (
    host_id integer primary key references host (id),
    read_ms integer not null,
    -- The HTTP status; null where redirects led nowhere. The text is empty where there is none.
    http_status integer,
    content text not null
) strict;

create table page (
    id integer primary key,
    host_id integer not null references host (id),
    url text not null unique,
    -- The page that led here; null for a start page.
    via_id integer references page (id),
    -- How deep below the start pages it is that was reached by 'follow', and what the pages above it hand
    -- down to its pictures, as a JSON object.
    level integer not null default 0,
    fields text check (fields is null or json_valid(fields)),
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
    -- What it was when it was read last, to be asked for on that condition: its ETag or Last-Modified as
    -- the server sent it. Kept while the page waits to be asked for again; null where it is to be read
    -- whatever it is.
    validator text,
    -- Which pictures it showed when it was read last, so that a page which shows the same as the one before
    -- it is known: a number made of their addresses. Null where it showed none, or had no following page.
    shown integer,
    check ((state = 0) = (run_id is null)),
    check ((state in (0, 1)) = (ended_ms is null)),
    check ((state in (3, 4)) = (error_class is not null)),
    check (state <> 2 or (bytes is not null and items is not null))
) strict;

create index page_ready on page (host_id, due_ms) where state = 0;
create index page_running on page (run_id) where state = 1;
create index page_failed on page (error_class) where state = 3;
create index page_without_items on page (id) where state = 2 and items = 0;

-- The body of a page that was read, where the recipe has keep_pages; a later reading replaces it.
create table page_body (
    page_id integer primary key references page (id),
    read_ms integer not null,
    -- Where it came from, after redirects.
    address text not null,
    http_status integer not null,
    content_type text,
    -- Its length as it was read; it is kept packed by gzip (RFC 1952).
    bytes integer not null,
    body blob not null
) strict;

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
    -- Further fields of the item, as a JSON object: texts, or lists of texts, by the field's name.
    fields text check (fields is null or json_valid(fields)),
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
    -- What it was when it was saved: the ETag or Last-Modified of its answer, if it had one that is short.
    validator text,
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

-- The bytes of pictures that stand in the page itself (data:); kept, so that a lost file can be made again.
create table inline (
    image_id integer primary key references image (id) on delete cascade,
    content blob not null
) strict;

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

-- One row for each picture of which the recipe's rule for duplicates was applied; without such a rule
-- none is written, and equal digests tell the same.
create table duplicate (
    image_id integer primary key references image (id),
    -- The picture that had the bytes first; null once it is forgotten.
    owner_id integer references image (id),
    -- linked: two names of one file; skipped: no file of its own; kept: a whole file, for the reason given.
    how text not null check (how in ('linked', 'skipped', 'kept')),
    bytes integer not null,
    reason text,
    check ((how = 'kept') = (reason is not null)),
    check (owner_id is not null or how <> 'skipped')
) strict;

create index duplicate_owner on duplicate (owner_id);

-- How many there are, kept in step by the triggers below, so that nobody counts rows.
create table duplicate_tally (
    how text primary key,
    tasks integer not null check (tasks >= 0),
    bytes integer not null check (bytes >= 0)
) strict, without rowid;

insert into duplicate_tally values ('linked', 0, 0), ('skipped', 0, 0), ('kept', 0, 0);

create trigger duplicate_counted after insert on duplicate begin
    update duplicate_tally set tasks = tasks + 1, bytes = bytes + new.bytes where how = new.how;
end;

create trigger duplicate_discounted after delete on duplicate begin
    update duplicate_tally set tasks = tasks - 1, bytes = bytes - old.bytes where how = old.how;
end;

-- One failed or skipped try of a task; a successful one stands in the task's own row. A refresh has the id
-- of its picture.
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

-- A picture whose hook has not ended. Written with the picture's own end, removed when the hook has ended:
-- a crash in between leaves it here, and the next crawl runs the hook again.
create table hook_due (
    image_id integer primary key references image (id) on delete cascade
) strict;

-- A hook that failed; image_id is null for the one at the end of a run.
create table hook_failure (
    id integer primary key,
    image_id integer references image (id) on delete cascade,
    run_id integer not null references run (id),
    command text not null,
    exit_code integer,
    signal integer,
    message text not null,
    ended_ms integer not null,
    took_ms integer not null
) strict;

create index hook_failure_of_image on hook_failure (image_id) where image_id is not null;
create index hook_failure_of_run on hook_failure (run_id);

-- How many tasks stand where, kept in step by every transaction, so that nobody counts rows.
create table tally (
    kind text not null check (kind in ('page', 'image', 'refresh')),
    state integer not null check (state between 0 and 4),
    error_class text not null,
    tasks integer not null check (tasks >= 0),
    bytes integer not null check (bytes >= 0),
    primary key (kind, state, error_class)
) strict, without rowid;
