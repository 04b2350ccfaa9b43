-- How considerate the crawl has to be of each host, kept so that a restart forgets no wait.

-- No request begins before this: the delay after the last one.
alter table host add column next_ms integer not null default 0;
-- Nothing is asked before this: the host said so (Retry-After), or it is parked.
alter table host add column blocked_until_ms integer not null default 0;
-- The wait between two requests that is in force, and the one that robots.txt asks for.
alter table host add column delay_ms integer not null default 0;
alter table host add column crawl_delay_ms integer not null default 0;
-- Failures since the last answer, and how often the host was parked since then; after too many
-- parkings it is given up.
alter table host add column failures integer not null default 0;
alter table host add column parkings integer not null default 0;
-- When robots.txt was last had, or was found not to be there; null if never.
alter table host add column robots_ms integer;

-- The robots.txt of each host; apart from the hosts, whose rows change with every claim.
create table robots (
    host_id integer primary key references host (id),
    read_ms integer not null,
    -- The HTTP status; null where redirects led nowhere. The text is empty where there is none.
    http_status integer,
    content text not null
) strict;

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
            min(
                coalesce(host.page_due_ms, host.image_due_ms),
                coalesce(host.image_due_ms, host.page_due_ms)
            ),
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
    robots.content as robots
from host
left join robots on robots.host_id = host.id;
