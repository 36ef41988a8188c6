/*
 * feeder/judgewire on any bytes: what decodes encodes to the same again.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "judgewire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct judgewire_request request;
	struct judgewire_answer answer;
	uint8_t out[JUDGEWIRE_REQUEST_MAX], answer_out[JUDGEWIRE_ANSWER_MAX];
	struct judgewire_request again;
	struct judgewire_answer answer_again;

	if (judgewire_get_request(bytes, size, &request) == BS_OK) {
		size_t used = judgewire_put_request(&request, out);

		assert(used <= sizeof(out));
		assert(judgewire_get_request(out + JUDGEWIRE_SIZE_BYTES,
			   used - JUDGEWIRE_SIZE_BYTES, &again) == BS_OK);
	}
	if (judgewire_get_answer(bytes, size, &answer) == BS_OK) {
		size_t used = judgewire_put_answer(&answer, answer_out);

		assert(used <= sizeof(answer_out));
		assert(
		    judgewire_get_answer(answer_out + JUDGEWIRE_SIZE_BYTES,
			used - JUDGEWIRE_SIZE_BYTES, &answer_again) == BS_OK);
	}
	return 0;
}
