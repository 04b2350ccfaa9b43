-- What people ask in the sqlite3 shell: words for states, ISO 8601 times in UTC, whole paths and
-- addresses. Columns are only ever added.

create view downloads as
select
    image.id,
    folder.path || image.stem || image.extension as path,
    coalesce(image.caption, image.stem) as caption,
    base.url || image.url_rest as url,
    page.url as page_url,
    image.bytes,
    lower(hex(image.digest)) as sha256,
    image.http_status,
    image.attempts,
    strftime('%Y-%m-%dT%H:%M:%fZ', image.ended_ms / 1000.0, 'unixepoch') as finished_at,
    image.took_ms,
    image.run_id
from image
join base on base.id = image.base_id
join folder on folder.id = image.folder_id
join page on page.id = image.page_id
where image.state = 2;

create view failures as
select
    'image' as kind,
    image.id,
    base.url || image.url_rest as url,
    folder.path || image.stem || image.extension as path,
    image.error_class,
    image.http_status,
    attempt.message,
    image.tries,
    image.attempts,
    strftime('%Y-%m-%dT%H:%M:%fZ', image.ended_ms / 1000.0, 'unixepoch') as failed_at,
    page.url as page_url,
    image.run_id
from image
join base on base.id = image.base_id
join folder on folder.id = image.folder_id
join page on page.id = image.page_id
left join attempt
    on attempt.kind = 'image' and attempt.task_id = image.id and attempt.number = image.attempts
where image.state = 3
union all
select
    'page',
    page.id,
    page.url,
    null,
    page.error_class,
    page.http_status,
    attempt.message,
    page.tries,
    page.attempts,
    strftime('%Y-%m-%dT%H:%M:%fZ', page.ended_ms / 1000.0, 'unixepoch'),
    via.url,
    page.run_id
from page
left join page as via on via.id = page.via_id
left join attempt
    on attempt.kind = 'page' and attempt.task_id = page.id and attempt.number = page.attempts
where page.state = 3;

create view skips as
select
    image.id,
    base.url || image.url_rest as url,
    folder.path || image.stem || image.extension as path,
    coalesce(image.caption, image.stem) as caption,
    image.error_class as reason,
    image.owner_id,
    owner_base.url || owner.url_rest as owner_url,
    page.url as page_url,
    strftime('%Y-%m-%dT%H:%M:%fZ', image.ended_ms / 1000.0, 'unixepoch') as skipped_at,
    image.run_id
from image
join base on base.id = image.base_id
join folder on folder.id = image.folder_id
join page on page.id = image.page_id
left join image as owner on owner.id = image.owner_id
left join base as owner_base on owner_base.id = owner.base_id
where image.state = 4;

create view attempts as
select
    attempt.kind,
    attempt.task_id,
    attempt.number,
    'failed' as outcome,
    attempt.error_class,
    attempt.http_status,
    attempt.bytes,
    attempt.message,
    strftime('%Y-%m-%dT%H:%M:%fZ', attempt.ended_ms / 1000.0, 'unixepoch') as ended_at,
    attempt.took_ms,
    attempt.run_id
from attempt
union all
select
    'image', id, attempts, 'done', null, http_status, bytes, null,
    strftime('%Y-%m-%dT%H:%M:%fZ', ended_ms / 1000.0, 'unixepoch'), took_ms, run_id
from image
where state = 2
union all
select
    'page', id, attempts, 'done', null, http_status, bytes, null,
    strftime('%Y-%m-%dT%H:%M:%fZ', ended_ms / 1000.0, 'unixepoch'), took_ms, run_id
from page
where state = 2;

create view pages as
select
    page.id,
    page.url,
    case page.state
        when 0 then 'ready' when 1 then 'running' when 2 then 'done'
        when 3 then 'failed' else 'skipped'
    end as state,
    page.error_class,
    page.http_status,
    page.bytes,
    page.items,
    page.items_without_image,
    page.new_images,
    page.encoding,
    page.attempts,
    strftime('%Y-%m-%dT%H:%M:%fZ', page.ended_ms / 1000.0, 'unixepoch') as ended_at,
    page.took_ms,
    via.url as via_url,
    page.run_id
from page
left join page as via on via.id = page.via_id;

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
    run.version
from run
join recipe on recipe.id = run.recipe_id;

create view hosts as
select
    host.id,
    host.name,
    (select count(*) from image where image.host_id = host.id and image.state = 0) as images_ready,
    (select count(*) from page where page.host_id = host.id and page.state = 0) as pages_ready,
    strftime(
        '%Y-%m-%dT%H:%M:%fZ',
        min(
            coalesce(host.page_due_ms, host.image_due_ms),
            coalesce(host.image_due_ms, host.page_due_ms)
        ) / 1000.0,
        'unixepoch'
    ) as next_due_at
from host;
