-- Further fields of an item, as a recipe names them, and why a picture was left out.

-- A JSON object: texts, or lists of texts, by the field's name.
alter table image add column fields text check (fields is null or json_valid(fields));

-- How deep below the start pages a page is that was reached by 'follow', and what the pages above it
-- hand down to its pictures, as a JSON object.
alter table page add column level integer not null default 0;
alter table page add column fields text check (fields is null or json_valid(fields));

drop view downloads;
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

drop view skips;
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
    image.run_id,
    attempt.message,
    image.fields
from image
join base on base.id = image.base_id
join folder on folder.id = image.folder_id
join page on page.id = image.page_id
left join image as owner on owner.id = image.owner_id
left join base as owner_base on owner_base.id = owner.base_id
left join attempt
    on attempt.kind = 'image' and attempt.task_id = image.id and attempt.number = image.attempts
where image.state = 4;

drop view pages;
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
