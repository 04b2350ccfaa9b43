-- Pictures whose bytes another one had first, and the bodies of listing pages.

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

drop view skips;
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
