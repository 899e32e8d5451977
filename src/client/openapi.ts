// Generated from docs/reference/openapi.json by `node dist/scripts/generate-client-types.js`: do not edit.
// biome-ignore-all format: generated
// biome-ignore-all lint: generated
export interface paths {
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send one order, or up to 256
         * @description One order answers with its receipt or with a problem. A list, bare or under `orders`, answers with one result an order, in the same order, also for orders that do not fit their schema; it is 503 only when every order met back-pressure. Scope: `orders:write`.
         */
        post: operations["submitOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{commitment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An order's receipts, batches and inclusion path
         * @description Of the orders that this key sent; those of other keys look as if there were none, unless the key has `orders:read-all`. Scope: `orders:read`.
         */
        get: operations["orderStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Batches, newest first
         * @description Scope: `batches:read`.
         */
        get: operations["batches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The public bundle of a batch
         * @description The statement, which names commitments, and what is made of it are shown once the chain has accepted the batch; before that to keys with `orders:read-all` alone. The bundle of a final batch never changes. Scope: `batches:read`.
         */
        get: operations["batch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{index}/bundle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The bundle of an accepted batch, for auditors
         * @description Once there, it never changes. `fairlead audit` checks it against the chain or, offline, against an anchor. Scope: `batches:read`.
         */
        get: operations["bundle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report the finished work of a shard
         * @description The shard’s signature (EIP-712 `Served`) makes the report, whoever sends it. The next batch that opens no earlier than its time applies it. A shard that is refused here may post its report on chain. Scope: `reports:write`.
         */
        post: operations["submitReport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proofs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for the proof of a closed batch
         * @description Asking again while there is a job answers with that job; after it was cancelled, with a new one. Scope: `proofs:write`.
         */
        post: operations["requestProof"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proofs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a proof is
         * @description Scope: `batches:read`.
         */
        get: operations["proofJob"];
        put?: never;
        post?: never;
        /**
         * Cancel a proof that waits or runs
         * @description The prover stops, wherever it is, and a proof that still comes is not taken. The batch stays closed and ages: batches behind it wait, and receipts stop when it is older than a third of the deadline. `POST /v1/proofs` asks for its proof anew, under a new job. Cancelling again is no error. Scope: `proofs:cancel`.
         */
        delete: operations["cancelProof"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proofs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a proof is, as it goes on
         * @description Server-sent events of one job: first how far it is, then every change. Ends when the job is done, failed or cancelled; whoever has seen that and comes back gets 204, which tells browsers not to come again. Scope: `batches:read`.
         */
        get: operations["proofEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as it happens
         * @description Server-sent events: `batch` and `proof` for every change of their states; `receipts` as well, of this key’s orders with `orders:read`, of everybody’s with `orders:read-all`. Ids grow and survive restarts: with `Last-Event-ID` the stream goes on after that event, without a loss or a double, as long as events are kept (the newest 100,000); after that it says `gap`. `Last-Event-ID: 0` tells all that is kept. Scope: `batches:read`.
         */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/epochs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the epoch in order, and begin the next one
         * @description The epoch ends after the batch that is open. The next one has the active policy and the same keys and verifiers; it is announced and opened on chain, and the service goes over to it once the ledger has accepted the last batch. Until then there are no receipts: orders are refused with `BACK_PRESSURE`. Nothing is void, and it costs no penalty. Asking again answers with what was decided. Scope: `epochs:write`.
         */
        post: operations["changeEpoch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The policy in force
         * @description Scope: `batches:read`.
         */
        get: operations["policy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shards: open or closed, fee, orders assigned
         * @description As published with the last closed batch: nothing here is newer than what is public anyway. Scope: `batches:read`.
         */
        get: operations["shards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts of receipts and batches
         * @description Scope: `batches:read`.
         */
        get: operations["status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Chain and ledger of the service
         * @description Scope: `batches:read`.
         */
        get: operations["chain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chain/rpc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read the chain through the service
         * @description JSON-RPC 2.0, one call or up to 100, for pages that have no endpoint of their own. Only reads pass: `eth_chainId`, `eth_blockNumber`, `eth_getBlockByNumber`, `eth_getTransactionByHash`, `eth_getTransactionReceipt`, `eth_getCode`, `eth_call` and `eth_getLogs` over at most 10,000 blocks. Whoever asks this way takes the service’s word for what the chain says. Scope: `batches:read`.
         */
        post: operations["askChain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether receipts can be given */
        get: operations["readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An Ethereum address. */
        Address: string;
        /** @description Everything public about a batch, as far as it has come. No order can be read from it. */
        BatchBundle: {
            epoch: components["schemas"]["Decimal"];
            index: components["schemas"]["Decimal"];
            /** @enum {string} */
            state: "open" | "sealed" | "closed" | "proven" | "sent" | "accepted" | "final" | "quarantined" | "abandoned";
            time: components["schemas"]["Micros"];
            /** @description Orders in the batch, deferred ones included. */
            count: number;
            deferred: number;
            /** @example two-choice-4-8 */
            circuit: string;
            chainId: components["schemas"]["Decimal"];
            ledger: components["schemas"]["Address"];
            /** @description The epoch's signer. */
            signer: string;
            statement?: components["schemas"]["Statement"];
            statementHash?: components["schemas"]["Hash"];
            orderRoot?: components["schemas"]["Hash"];
            head?: components["schemas"]["Hash"];
            terms?: components["schemas"]["Hash"];
            record?: components["schemas"]["Hash"];
            signature?: components["schemas"]["Signature"];
            proof?: components["schemas"]["Proof"];
        };
        /** @description A batch that entered a state, with its counts then. */
        BatchChange: {
            epoch: components["schemas"]["Decimal"];
            index: components["schemas"]["Decimal"];
            /** @enum {string} */
            state: "open" | "sealed" | "closed" | "proven" | "sent" | "accepted" | "final" | "quarantined" | "abandoned";
            time: components["schemas"]["Micros"];
            count: number;
            deferred: number;
        };
        BatchPage: {
            batches: components["schemas"]["BatchSummary"][];
            /** @description Path of the next page, while there may be one. */
            next?: string;
        };
        BatchSummary: {
            epoch: components["schemas"]["Decimal"];
            index: components["schemas"]["Decimal"];
            /** @enum {string} */
            state: "open" | "sealed" | "closed" | "proven" | "sent" | "accepted" | "final" | "quarantined" | "abandoned";
            time: components["schemas"]["Micros"];
            /** @description Orders in the batch, deferred ones included. */
            count: number;
            deferred: number;
            /** @example two-choice-4-8 */
            circuit: string;
            transaction?: components["schemas"]["Hash"];
            gasUsed?: components["schemas"]["Decimal"];
        };
        /** @description An accepted batch as auditors take it. No order can be read from it. */
        Bundle: {
            epoch: components["schemas"]["Decimal"];
            index: components["schemas"]["Decimal"];
            time: components["schemas"]["Micros"];
            /** @description Orders in the batch, deferred ones included. */
            count: number;
            deferred: number;
            /** @example two-choice-4-8 */
            circuit: string;
            chainId: components["schemas"]["Decimal"];
            ledger: components["schemas"]["Address"];
            /** @description The epoch's signer. */
            signer: string;
            statement: components["schemas"]["Statement"];
            statementHash: components["schemas"]["Hash"];
            orderRoot: components["schemas"]["Hash"];
            head: components["schemas"]["Hash"];
            terms: components["schemas"]["Hash"];
            record: components["schemas"]["Hash"];
            signature: components["schemas"]["Signature"];
            proof: components["schemas"]["Proof"];
        };
        /** @description Which ledger the service works on. */
        Chain: {
            chainId: components["schemas"]["Decimal"];
            ledger: components["schemas"]["Address"];
            registry: components["schemas"]["Address"];
        };
        /** @description The RPC endpoint's answer, as it came. */
        ChainReply: {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: number | string;
            result?: unknown;
        } | {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: number | string;
            error: {
                code: number;
                message: string;
                data?: unknown;
            };
        };
        /** @description A JSON-RPC 2.0 call that reads. */
        ChainRequest: {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: number | string;
            /** @enum {string} */
            method: "eth_chainId";
            params: [
            ];
        } | {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: number | string;
            /** @enum {string} */
            method: "eth_blockNumber";
            params: [
            ];
        } | {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: number | string;
            /** @enum {string} */
            method: "eth_getBlockByNumber";
            params: [
                string | ("latest" | "earliest" | "finalized" | "safe"),
                false
            ];
        } | {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: number | string;
            /** @enum {string} */
            method: "eth_getTransactionByHash";
            params: [
                components["schemas"]["Hash"]
            ];
        } | {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: number | string;
            /** @enum {string} */
            method: "eth_getTransactionReceipt";
            params: [
                components["schemas"]["Hash"]
            ];
        } | {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: number | string;
            /** @enum {string} */
            method: "eth_getCode";
            params: [
                components["schemas"]["Address"],
                string | ("latest" | "earliest" | "finalized" | "safe")
            ];
        } | {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: number | string;
            /** @enum {string} */
            method: "eth_call";
            params: [
                {
                    to: components["schemas"]["Address"];
                    data: string;
                },
                string | ("latest" | "earliest" | "finalized" | "safe")
            ];
        } | {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: number | string;
            /** @enum {string} */
            method: "eth_getLogs";
            params: [
                {
                    address: components["schemas"]["Address"] | components["schemas"]["Address"][];
                    topics?: (components["schemas"]["Hash"] | null | components["schemas"]["Hash"][])[];
                    fromBlock: string;
                    toBlock: string;
                }
            ];
        };
        /**
         * @description An unsigned integer in decimal digits: a string, as JSON numbers end at 2^53.
         * @example 1515053700000000
         */
        Decimal: string;
        /** @description Where an epoch ends by its operator’s decision. */
        EpochEnding: {
            epoch: components["schemas"]["Decimal"];
            /**
             * @description First index that the epoch does not have: the next one begins there.
             * @example 1515053700000000
             */
            end: string;
            /** @description Whether the next epoch is in sealed mode. */
            nextSealed: boolean;
        };
        /** @description One place of the request that does not fit. */
        Fault: {
            /** @enum {string} */
            in: "body" | "query" | "path" | "header";
            /**
             * @description JSON pointer (RFC 6901); empty for the whole.
             * @example /size
             */
            pointer: string;
            detail: string;
        };
        /**
         * @description A BN254 scalar in decimal digits, below the modulus.
         * @example 7853200120776062878684798364095072458815029376092732009249414926327459813530
         */
        FieldElement: string;
        /** @description 32 bytes in 0x-prefixed lower-case hex. */
        Hash: string;
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        /**
         * @description Microseconds since the Unix epoch, in decimal digits.
         * @example 1515053700000000
         */
        Micros: string;
        Order: {
            /**
             * @description Whole lots.
             * @example 250
             */
            size: number;
            /** @enum {string} */
            side: "buy" | "sell";
            /**
             * @description What the router cannot read: the digest of the order’s terms as a field element in decimal digits, or any 32 bytes in 0x-prefixed hex, which are reduced modulo the BN254 scalar field. Needs 128 random bits to hide the order.
             * @example 0x5eed000000000000000000000000000000000000000000000000000000000001
             */
            details: string;
            /**
             * @description Must be the key's class when it is given.
             * @enum {string}
             */
            segment?: "retail" | "institutional";
        };
        OrderResults: {
            results: (components["schemas"]["PlacedOrder"] | components["schemas"]["RefusedOrder"])[];
        };
        OrderStatus: {
            commitment: components["schemas"]["FieldElement"];
            /** @description Oldest first; a deferred order may have come again. */
            entries: {
                receipt: components["schemas"]["Receipt"];
                /** @enum {string} */
                batchState: "open" | "sealed" | "closed" | "proven" | "sent" | "accepted" | "final" | "quarantined" | "abandoned";
                /** @description Of a sealed receipt, once its batch is drawn: 0 deferred, else shard + 1. */
                outcome?: number;
                /** @description Once the batch is accepted: siblings from the slot's leaf to the order root. */
                inclusion?: {
                    orderRoot: components["schemas"]["Hash"];
                    path: components["schemas"]["Hash"][];
                    record: components["schemas"]["Hash"];
                };
            }[];
        };
        PlacedOrder: {
            /**
             * @description Deferred: no shard had room; send it again. Sealed: the order has its place, and the draw of its batch tells what it comes to. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            status: "accepted" | "deferred" | "sealed";
            commitment: components["schemas"]["FieldElement"];
            receipt: components["schemas"]["Receipt"];
        };
        /** @description The policy in force, as published, and the epoch that fixed it. */
        Policy: {
            epoch: components["schemas"]["Decimal"];
            policy: {
                /** @enum {string} */
                kind: "two-choice" | "round-robin";
                feeMin: components["schemas"]["Decimal"];
                feeMax: components["schemas"]["Decimal"];
                shards: components["schemas"]["ShardPolicy"][];
                settlements: components["schemas"]["Address"][];
                reportSigners: components["schemas"]["Address"][];
            };
            /** @description What reputation multiplies the weights by in this epoch, of 256, by shard. */
            multipliers: number[];
            /** @description The weights that orders are routed by, retail and institutional, by shard: those of `policy`, multiplied. */
            weights: [
                components["schemas"]["Decimal"],
                components["schemas"]["Decimal"]
            ][];
            policyHash: components["schemas"]["Hash"];
            chainId: components["schemas"]["Decimal"];
            ledger: components["schemas"]["Address"];
            signer: components["schemas"]["Address"];
            keyCommit: components["schemas"]["FieldElement"];
            seed: components["schemas"]["FieldElement"];
            /** @description Whether batches are sealed on chain before their seeds are known. Each then has its own, and `seed` decides nothing. */
            sealedMode: boolean;
            /** @description The largest order that some shard of the segment could ever hold, in lots. */
            largestSize: {
                retail: number;
                institutional: number;
            };
        };
        /** @description What went wrong (RFC 9457); `code` is the stable part. */
        Problem: {
            /** @example /docs/errors#REQUEST_INVALID */
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description The path asked for. */
            instance: string;
            /** @enum {string} */
            code: "JSON_INVALID" | "REQUEST_MALFORMED" | "UNAUTHENTICATED" | "SCOPE_MISSING" | "SEGMENT_MISMATCH" | "ROUTE_NOT_FOUND" | "ORDER_NOT_FOUND" | "BATCH_NOT_FOUND" | "PROOF_JOB_NOT_FOUND" | "METHOD_NOT_ALLOWED" | "REQUEST_TIMEOUT" | "BATCH_NOT_CLOSED" | "BATCH_NOT_ACCEPTED" | "PROOF_JOB_OVER" | "EPOCH_CHANGE_REFUSED" | "ORDER_ALREADY_ACCEPTED" | "ORDER_ALREADY_IN_BATCH" | "IDEMPOTENCY_IN_PROGRESS" | "BODY_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "REQUEST_INVALID" | "ORDER_TOO_LARGE" | "REPORT_REFUSED" | "IDEMPOTENCY_MISMATCH" | "RATE_LIMITED" | "QUOTA_EXCEEDED" | "TOO_MANY_STREAMS" | "HEADERS_TOO_LARGE" | "INTERNAL" | "CONFIG_INVALID" | "DATA_DIR_LOCKED" | "DATA_DIR_MISMATCH" | "CHAIN_MISMATCH" | "BACK_PRESSURE" | "NOT_READY" | "CHAIN_UNREACHABLE" | "DATABASE_UNREACHABLE" | "LEASE_LOST";
            requestId: string;
            errors?: components["schemas"]["Fault"][];
        } & {
            [key: string]: unknown;
        };
        Proof: {
            /** @description a, b, c as the EVM takes them; G2 imaginary parts first. */
            words: components["schemas"]["Decimal"][];
            digest: components["schemas"]["FieldElement"];
            alpha: components["schemas"]["FieldElement"];
            y: components["schemas"]["FieldElement"];
            beneficiary: components["schemas"]["Address"];
            verifierId: components["schemas"]["Hash"];
        };
        ProofJob: {
            id: string;
            batchIndex: components["schemas"]["Decimal"];
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed" | "cancelled";
            attempts: number;
            /** @description Code of the last failure. */
            error?: string;
            witnessMs?: number;
            proveMs?: number;
        };
        Readiness: {
            /** @enum {string} */
            status: "ready";
            checks: {
                name: string;
                ok: boolean;
                message: string;
            }[];
        };
        /** @description The router's promise about one order, signed by the epoch's signer (EIP-712 `Receipt`). `time` is the order's admission. An accepted batch that contradicts it is evidence against the router. */
        Receipt: {
            epoch: components["schemas"]["Decimal"];
            batch: components["schemas"]["Decimal"];
            slot: number;
            commitment: components["schemas"]["FieldElement"];
            /** @description 0 deferred, else shard + 1; 255 sealed. */
            assignment: number;
            time: components["schemas"]["Micros"];
            signature: components["schemas"]["Signature"];
        };
        Refusal: {
            /** @enum {string} */
            code: "REQUEST_INVALID" | "ORDER_TOO_LARGE" | "ORDER_ALREADY_ACCEPTED" | "ORDER_ALREADY_IN_BATCH" | "SEGMENT_MISMATCH" | "BACK_PRESSURE";
            detail: string;
            /** @description REQUEST_INVALID: pointers are into this order. */
            errors?: components["schemas"]["Fault"][];
            /** @description ORDER_TOO_LARGE: what would fit, in lots. */
            largestSize?: number;
            /** @description BACK_PRESSURE: when to send it again. */
            retryAfterMs?: number;
            /** @description ORDER_ALREADY_…: the receipt that stands. */
            receipt?: {
                epoch: components["schemas"]["Decimal"];
                batch: components["schemas"]["Decimal"];
                slot: number;
                commitment: components["schemas"]["FieldElement"];
                /** @description 0 deferred, else shard + 1; 255 sealed. */
                assignment: number;
                time: components["schemas"]["Micros"];
                signature: components["schemas"]["Signature"];
            };
        };
        RefusedOrder: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            status: "refused";
            /**
             * @description Absent when the order does not fit its schema.
             * @example 7853200120776062878684798364095072458815029376092732009249414926327459813530
             */
            commitment?: string;
            refusal: components["schemas"]["Refusal"];
        };
        Report: {
            /**
             * @description The running epoch, in decimal digits.
             * @example 1
             */
            epoch: string;
            shard: number;
            /**
             * @description Ticks of work that the shard has finished since the epoch’s start, in decimal digits.
             * @example 250000
             */
            counter: string;
            /**
             * @description Microseconds since the Unix epoch, in decimal digits.
             * @example 1515053700000000
             */
            time: string;
            /** @description Of the shard’s report signer: 65 bytes, or 64 (EIP-2098). */
            signature: string;
        };
        ReportStanding: {
            shard: number;
            /**
             * @description What the report says, ticks.
             * @example 1515053700000000
             */
            counter: string;
            /**
             * @description What batches have applied so far, ticks.
             * @example 1515053700000000
             */
            applied: string;
        };
        Shard: {
            shard: number;
            open: boolean;
            fee: components["schemas"]["Decimal"];
            settlement: components["schemas"]["Address"];
            /** @description Orders assigned to the shard in accepted batches. */
            assigned: number;
        };
        /** @description What the policy says of one shard; backlogs are in ticks. */
        ShardPolicy: {
            /** @description Retail, institutional. */
            weights: [
                components["schemas"]["Decimal"],
                components["schemas"]["Decimal"]
            ];
            /**
             * @description Ticks a lot.
             * @example 1515053700000000
             */
            tau: string;
            limit: components["schemas"]["Decimal"];
            trip: components["schemas"]["Decimal"];
            reset: components["schemas"]["Decimal"];
            skew: components["schemas"]["Decimal"];
            target: components["schemas"]["Decimal"];
            reporting: boolean;
        };
        Shards: {
            shards: components["schemas"]["Shard"][];
        };
        /** @description r, s and v: 65 bytes in 0x-prefixed hex. */
        Signature: string;
        /** @description What the batch publishes and proves (protocol, section 4). */
        Statement: {
            keyCommit: components["schemas"]["FieldElement"];
            seed: components["schemas"]["FieldElement"];
            batchIndex: components["schemas"]["Decimal"];
            orderCounter: components["schemas"]["Decimal"];
            time: components["schemas"]["Micros"];
            /**
             * @description µs since the batch before, saturated at 2^40 − 1.
             * @example 1515053700000000
             */
            elapsed: string;
            stateBefore: components["schemas"]["FieldElement"];
            stateAfter: components["schemas"]["FieldElement"];
            feeWord: components["schemas"]["Decimal"];
            fees: components["schemas"]["Decimal"][];
            open: boolean[];
            /** @description Ticks, by shard. */
            served: components["schemas"]["Decimal"][];
            policyWords: components["schemas"]["FieldElement"][];
            commitments: components["schemas"]["FieldElement"][];
            assignments: number[];
        };
        /** @description Counts that answer at once, whatever the history. */
        Status: {
            /** @description Accepted, deferred, and in sealed mode those whose draws are to come. */
            receipts: number;
            accepted: number;
            deferred: number;
            batchesOpenToSent: number;
            lastAcceptedBatch?: components["schemas"]["Decimal"];
            head: {
                epoch: components["schemas"]["Decimal"];
                nextIndex: components["schemas"]["Decimal"];
                state: components["schemas"]["FieldElement"];
                time: components["schemas"]["Micros"];
                orderCounter: components["schemas"]["Decimal"];
                counters: components["schemas"]["Decimal"][];
            };
        };
        /** @description One event of a stream (WHATWG server-sent events): `id`, `event` and `data` lines, `data` as JSON in one line. */
        StreamEvent: {
            /**
             * @description The `id` line: send it as `Last-Event-ID` to go on after this event.
             * @example 1515053700000000
             */
            id: string;
            /** @enum {string} */
            event: "batch";
            data: components["schemas"]["BatchChange"];
        } | {
            /**
             * @description The `id` line: send it as `Last-Event-ID` to go on after this event.
             * @example 1515053700000000
             */
            id: string;
            /** @enum {string} */
            event: "proof";
            data: components["schemas"]["ProofJob"];
        } | {
            /**
             * @description The `id` line: send it as `Last-Event-ID` to go on after this event.
             * @example 1515053700000000
             */
            id: string;
            /** @enum {string} */
            event: "receipts";
            data: {
                receipts: components["schemas"]["Receipt"][];
            };
        } | {
            /**
             * @description The `id` line: send it as `Last-Event-ID` to go on after this event.
             * @example 1515053700000000
             */
            id: string;
            /** @enum {string} */
            event: "gap";
            /** @description Events up to this id are not kept any more: read what you follow anew. */
            data: {
                upTo: components["schemas"]["Decimal"];
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    submitOrders: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gets the stored answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Order"] | {
                    orders: components["schemas"]["Order"][];
                } | components["schemas"]["Order"][];
            };
        };
        responses: {
            /** @description A list: one result an order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderResults"];
                };
            };
            /** @description One order: its receipt. */
            201: {
                headers: {
                    /** @description Path of the resource. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacedOrder"];
                };
            };
            /** @description JSON_INVALID, REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING, SEGMENT_MISMATCH */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_IN_PROGRESS, ORDER_ALREADY_ACCEPTED, ORDER_ALREADY_IN_BATCH */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BODY_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_MISMATCH, ORDER_TOO_LARGE, REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description QUOTA_EXCEEDED, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BACK_PRESSURE, NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    orderStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags that the caller has: 304 when one of them holds. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The order's commitment, in decimal digits. */
                commitment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is known of the commitment. */
            200: {
                headers: {
                    /** @description For `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderStatus"];
                };
            };
            /** @description The caller has it: its ETag is in `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description ORDER_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    batches: {
        parameters: {
            query?: {
                /** @description Only batches below this index. */
                before?: string;
                /** @description Batches of the page: 1 to 100, 20 when left out. */
                limit?: string;
            };
            header?: {
                /** @description ETags that the caller has: 304 when one of them holds. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    /** @description For `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPage"];
                };
            };
            /** @description The caller has it: its ETag is in `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    batch: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags that the caller has: 304 when one of them holds. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description A batch's index, in decimal digits; below 2^63. */
                index: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is public, as far as the batch has come. */
            200: {
                headers: {
                    /** @description For `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchBundle"];
                };
            };
            /** @description The caller has it: its ETag is in `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BATCH_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bundle: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags that the caller has: 304 when one of them holds. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description A batch's index, in decimal digits; below 2^63. */
                index: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything public, each field bound by a hash, proof or signature. */
            200: {
                headers: {
                    /** @description For `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bundle"];
                };
            };
            /** @description The caller has it: its ETag is in `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BATCH_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BATCH_NOT_ACCEPTED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitReport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Report"];
            };
        };
        responses: {
            /** @description It is kept; again is no error. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportStanding"];
                };
            };
            /** @description JSON_INVALID, REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BODY_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REPORT_REFUSED, REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestProof: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gets the stored answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description A batch's index, in decimal digits; below 2^63.
                     * @example 3
                     */
                    batch: string;
                };
            };
        };
        responses: {
            /** @description The job; its path is in `Location`. */
            202: {
                headers: {
                    /** @description Path of the resource. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofJob"];
                };
            };
            /** @description JSON_INVALID, REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BATCH_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BATCH_NOT_CLOSED, IDEMPOTENCY_IN_PROGRESS */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BODY_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_MISMATCH, REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proofJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags that the caller has: 304 when one of them holds. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    /** @description For `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofJob"];
                };
            };
            /** @description The caller has it: its ETag is in `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PROOF_JOB_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelProof: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, cancelled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofJob"];
                };
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PROOF_JOB_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PROOF_JOB_OVER */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proofEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only events after this one; from now on when left out. */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, as they happen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamEvent"];
                };
            };
            /** @description The job is over, and nothing is new. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PROOF_JOB_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED, TOO_MANY_STREAMS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    events: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only events after this one; from now on when left out. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, as they happen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamEvent"];
                };
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED, TOO_MANY_STREAMS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeEpoch: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gets the stored answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Of the next epoch; as the one that ends when left out.
                     * @enum {string}
                     */
                    mode?: "instant" | "sealed";
                };
            };
        };
        responses: {
            /** @description Where the epoch ends. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EpochEnding"];
                };
            };
            /** @description JSON_INVALID, REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description EPOCH_CHANGE_REFUSED, IDEMPOTENCY_IN_PROGRESS */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BODY_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_MISMATCH, REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    policy: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags that the caller has: 304 when one of them holds. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The policy, and the epoch that fixed it. */
            200: {
                headers: {
                    /** @description For `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description The caller has it: its ETag is in `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shards: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags that the caller has: 304 when one of them holds. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All shards. */
            200: {
                headers: {
                    /** @description For `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Shards"];
                };
            };
            /** @description The caller has it: its ETag is in `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    status: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags that the caller has: 304 when one of them holds. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts, and the head of the ledger. */
            200: {
                headers: {
                    /** @description For `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            /** @description The caller has it: its ETag is in `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chain: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags that the caller has: 304 when one of them holds. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description For those who read the chain themselves. */
            200: {
                headers: {
                    /** @description For `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Chain"];
                };
            };
            /** @description The caller has it: its ETag is in `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    askChain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    jsonrpc: "2.0";
                    id: number | string;
                    /** @enum {string} */
                    method: "eth_chainId";
                    params: [
                    ];
                } | {
                    /** @enum {string} */
                    jsonrpc: "2.0";
                    id: number | string;
                    /** @enum {string} */
                    method: "eth_blockNumber";
                    params: [
                    ];
                } | {
                    /** @enum {string} */
                    jsonrpc: "2.0";
                    id: number | string;
                    /** @enum {string} */
                    method: "eth_getBlockByNumber";
                    params: [
                        string | ("latest" | "earliest" | "finalized" | "safe"),
                        false
                    ];
                } | {
                    /** @enum {string} */
                    jsonrpc: "2.0";
                    id: number | string;
                    /** @enum {string} */
                    method: "eth_getTransactionByHash";
                    params: [
                        components["schemas"]["Hash"]
                    ];
                } | {
                    /** @enum {string} */
                    jsonrpc: "2.0";
                    id: number | string;
                    /** @enum {string} */
                    method: "eth_getTransactionReceipt";
                    params: [
                        components["schemas"]["Hash"]
                    ];
                } | {
                    /** @enum {string} */
                    jsonrpc: "2.0";
                    id: number | string;
                    /** @enum {string} */
                    method: "eth_getCode";
                    params: [
                        components["schemas"]["Address"],
                        string | ("latest" | "earliest" | "finalized" | "safe")
                    ];
                } | {
                    /** @enum {string} */
                    jsonrpc: "2.0";
                    id: number | string;
                    /** @enum {string} */
                    method: "eth_call";
                    params: [
                        {
                            to: components["schemas"]["Address"];
                            data: string;
                        },
                        string | ("latest" | "earliest" | "finalized" | "safe")
                    ];
                } | {
                    /** @enum {string} */
                    jsonrpc: "2.0";
                    id: number | string;
                    /** @enum {string} */
                    method: "eth_getLogs";
                    params: [
                        {
                            address: components["schemas"]["Address"] | components["schemas"]["Address"][];
                            topics?: (components["schemas"]["Hash"] | null | components["schemas"]["Hash"][])[];
                            fromBlock: string;
                            toBlock: string;
                        }
                    ];
                } | components["schemas"]["ChainRequest"][];
            };
        };
        responses: {
            /** @description One answer a call, in their order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        jsonrpc: "2.0";
                        id: number | string;
                        result?: unknown;
                    } | {
                        /** @enum {string} */
                        jsonrpc: "2.0";
                        id: number | string;
                        error: {
                            code: number;
                            message: string;
                            data?: unknown;
                        };
                    } | components["schemas"]["ChainReply"][];
                };
            };
            /** @description JSON_INVALID, REQUEST_MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description SCOPE_MISSING */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BODY_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description REQUEST_INVALID */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CHAIN_UNREACHABLE, NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything is there. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_READY */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
