-- What the recipe's hooks still have to do, and what became of those that failed.

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

create view hook_failures as
select
    hook_failure.id,
    case when hook_failure.image_id is null then 'on_end' else 'on_image' end as hook,
    hook_failure.command,
    hook_failure.exit_code,
    hook_failure.signal,
    hook_failure.message,
    folder.path || image.stem || image.extension as path,
    strftime('%Y-%m-%dT%H:%M:%fZ', hook_failure.ended_ms / 1000.0, 'unixepoch') as ended_at,
    hook_failure.took_ms,
    hook_failure.run_id
from hook_failure
left join image on image.id = hook_failure.image_id
left join folder on folder.id = image.folder_id;
