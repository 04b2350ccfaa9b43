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
    image.run_id,
    image.fields
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
    coalesce(image.owner_id, duplicate.owner_id) as owner_id,
    owner_base.url || owner.url_rest as owner_url,
    page.url as page_url,
    strftime('%Y-%m-%dT%H:%M:%fZ', image.ended_ms / 1000.0, 'unixepoch') as skipped_at,
    image.run_id,
    attempt.message,
    image.fields
from image
join base on base.id = image.base_id
join folder on folder.id = image.folder_id
join page on page.id = image.page_id
left join duplicate on duplicate.image_id = image.id
left join image as owner on owner.id = coalesce(image.owner_id, duplicate.owner_id)
left join base as owner_base on owner_base.id = owner.base_id
left join attempt
    on attempt.kind = 'image' and attempt.task_id = image.id and attempt.number = image.attempts
where image.state = 4;

create view duplicates as
select
    image.id,
    folder.path || image.stem || image.extension as path,
    base.url || image.url_rest as url,
    duplicate.how,
    duplicate.bytes,
    duplicate.reason,
    duplicate.owner_id,
    owner_folder.path || owner.stem || owner.extension as owner_path,
    owner_base.url || owner.url_rest as owner_url
from duplicate
join image on image.id = duplicate.image_id
join base on base.id = image.base_id
join folder on folder.id = image.folder_id
left join image as owner on owner.id = duplicate.owner_id
left join base as owner_base on owner_base.id = owner.base_id
left join folder as owner_folder on owner_folder.id = owner.folder_id;

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
    page.run_id,
    page.level,
    page.fields
from page
left join page as via on via.id = page.via_id;

-- Pages that were read and gave none or far fewer items than their siblings, the pages of the same host
-- and level. The last one of them is short as a rule.
create view drifts as
with siblings as (
    select host_id, level, avg(items) as usual, count(*) as pages, max(id) as last_id
    from page
    where state = 2
    group by host_id, level
)
select
    page.id,
    page.url,
    page.items,
    round(siblings.usual, 1) as usual_items,
    strftime('%Y-%m-%dT%H:%M:%fZ', page.ended_ms / 1000.0, 'unixepoch') as ended_at,
    page.run_id
from page
join siblings on siblings.host_id = page.host_id and siblings.level = page.level
where page.state = 2
and (
    page.items = 0
    or (
        page.items * 4 < siblings.usual and siblings.pages >= 5
        and page.id < siblings.last_id and page.level >= 0
    )
);

create view bodies as
select
    page.id,
    page.url,
    page_body.address,
    page_body.http_status,
    page_body.content_type,
    page_body.bytes,
    length(page_body.body) as kept_bytes,
    strftime('%Y-%m-%dT%H:%M:%fZ', page_body.read_ms / 1000.0, 'unixepoch') as read_at
from page_body
join page on page.id = page_body.page_id;

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
