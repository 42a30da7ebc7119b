"""Every field of the tables of events.md, those in no sample included: trigger → template → paths.

Paths lead on through encoded strings. A template is named where the place depends on the event's own variant.
"""

from __future__ import annotations

QUEUE = "event_version event_time trigger_type region records records[0].messages records[0].messages[0]"
OBS_RECORD = """eventVersion eventSource eventTime eventName requestParameters requestParameters.sourceIPAddress
responseElements userIdentity"""
OBJECT = "object object.key object.eTag object.size object.versionId object.sequencer"
MONGO = "records records[0].event_source records[0].event_name records[0].event_version records[0].region"


def below(place: str, names: str) -> str:
    return " ".join(f"{place}.{name}" for name in names.split())


FIELDS: dict[tuple[str, str], str] = {
    ("smn", "default"): """record functionname requestId timestamp """
    + below("record[0]", "event_version event_source event_subscription_urn smn ")
    + " "
    + below("record[0].smn", "topic_urn type message_id subject message message_attributes timestamp"),
    ("dms", "default"): """Tag QueueID ConsumerGroupID ConsumerGroupId Messages Messages[0].Body Messages[0].Attributes
        Messages[0].Attributes.anything functionname requestId timestamp""",
    ("dms", "snake-case"): """queue_id region event_type consumer_group_id messages messages[0].body
        messages[0].attributes messages[0].attributes.anything""",
    ("apig", "default"): """httpMethod path pathParameters pathParameters.proxy queryStringParameters
        queryStringParameters.name queryStringParameters.name[0] headers headers.anything headers.x-stage
        headers.x-request-id headers.x-real-ip headers.x-forwarded-for headers.x-forwarded-host
        headers.x-forwarded-port headers.x-forwarded-proto body isBase64Encoded requestContext requestContext.apiId
        requestContext.requestId requestContext.stage requestContext.sourceIp user_data""",
    ("obs", "default"): "Records "
    + below("Records[0]", OBS_RECORD)
    + " "
    + below("Records[0]", "awsRegion userIdentity.principalId responseElements.x-amz-request-id")
    + " "
    + below("Records[0]", "responseElements.x-amz-id-2 s3 s3.s3SchemaVersion s3.configurationId s3.bucket")
    + " "
    + below("Records[0].s3.bucket", "name ownerIdentity ownerIdentity.PrincipalId arn")
    + " "
    + below("Records[0].s3", OBJECT),
    ("obs", "v3"): "Records "
    + below("Records[0]", OBS_RECORD)
    + " "
    + below("Records[0]", "eventRegion userIdentity.ID responseElements.x-obs-request-id responseElements.x-obs-id-2")
    + " "
    + below("Records[0].obs", "Version configurationId bucket bucket.name bucket.ownerIdentity.ID bucket.bucket")
    + " "
    + below("Records[0].obs", OBJECT),
    ("dis", "default"): "ShardID StreamName Tag Message "
    + below("Message", "next_partition_cursor millis_behind_latest records")
    + " "
    + below("Message.records[0]", "partition_key data sequence_number timestamp timestamp_type")
    + " "
    + below("Message.next_partition_cursor", "getIteratorParam generateTimestamp")
    + " "
    + below(
        "Message.next_partition_cursor.getIteratorParam",
        "stream-name partition-id cursor-type starting-sequence-number",
    ),
    ("timer", "default"): "version time trigger_type trigger_name user_event",
    ("lts", "default"): "lts "
    + below("lts.data", "logs owner log_group_id log_topic_id logs[0]")
    + " "
    + below("lts.data.logs[0]", "message time host_name ip path log_uid line_no"),
    ("cts", "default"): "cts "
    + below(
        "cts",
        """time record_time user user.name user.id user.domain user.domain.name user.domain.id request response code
        service_type resource_type resource_name resource_id trace_name trace_type trace_id trace_status trace_rating
        source_ip domain_id project_id operation_id resource_account_id api_version tracker_name event_type message
        read_only request_id endpoint resource_url enterprise_project_id user_agent location_info content_length
        total_time user.type user.principal_id user.principal_urn user.account_id user.access_key_id user.user_name
        user.principal_is_root_user user.invoked_by user.session_context.attributes.created_at
        user.session_context.attributes.mfa_authenticated user.OriginUser""",
    ),
    ("dds", "default"): MONGO
    + " records[0].event_source_id "
    + below("records[0].dds", "size_bytes token token._data full_document full_document.name ns ns.db ns.coll"),
    ("dds", "string-fields"): below("records[0].dds", "token._data full_document._id.$oid ns.db ns.coll"),
    ("kafka", "default"): "event_version event_time trigger_type region instance_id topic_id messages messages[0]",
    ("kafka", "records"): f"{QUEUE} instance_id records[0].topic_id records[0].messages[0].message",
    ("kafka", "records-instance"): f"{QUEUE} records[0].instance_id records[0].topic_id",
    ("kafka-opensource", "default"): f"{QUEUE} instance_id records[0].topic_id",
    ("rocketmq", "default"): f"{QUEUE} instance_id records[0].topic_id records[0].topic",
    ("rabbitmq", "default"): f"{QUEUE} records[0].instance_id records[0].exchange",
    ("gaussdb-mongo", "default"): MONGO
    + " records[0].event_source_id vernier vernier._data "
    + below("records[0].gauss_mongo", "full_document full_document._id.$oid ns ns.db ns.coll token token._data")
    + " records[0].gauss_mongo.size_bytes",
    ("geminidb-dynamodb", "default"): "event_time trigger_type instance_ip table_name records "
    + below(
        "records[0]",
        """event_id sequence_number event_name region size_bytes stream_view_type approximate_arrival_timestamp keys
        old_image new_image new_image.Title new_image.Title.S new_image.Title.N new_image.Title.B""",
    ),
    ("eventgrid", "default"): "id specversion source type datacontenttype dataschema subject time ttl data",
    ("eventgrid", "batch"): "events " + below("events[0]", "id specversion source type subject time data"),
    ("eventgrid", "obs"): below("data", OBS_RECORD)
    + " "
    + below("data.responseElements", "x-obs-request-id x-obs-id-2 x-amz-request-id x-amz-id-2")
    + " data.eventRegion data.userIdentity.ID "
    + below("data.obs", "Version configurationId bucket.name bucket.bucket bucket.arn bucket.ownerIdentity.ID")
    + " data.obs.object.oldpsxpth "
    + below("data.obs", OBJECT),
    ("iotda", "default"): "resource event event_time event_time_ms request_id notify_data notify_data.header "
    + below(
        "notify_data.header",
        "app_id device_id node_id product_id gateway_id tags tags[0].tag_key tags[0].tag_value",
    )
    + " notify_data.body "
    + below("notify_data.body.services[0]", "service_id properties event_time"),
    (
        "async-destination",
        "failure",
    ): """timestamp request_context request_context.request_id request_context.function_urn
        request_context.condition request_context.approximate_invoke_count request_payload response_context
        response_context.status_code response_context.statusCode response_context.function_error response_payload
        response_payload.errorMessage response_payload.errorType response_payload.stackTrace
        response_payload.stackTrace[0]""",
    ("blank", "default"): "key",
}
ANY_TYPE = {"key", "records[0].dds.full_document.name"}
"""Fields of one's own, which may have any type."""
