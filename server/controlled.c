/*
 * Does what backstopctl asks of backstopd.  Called by server.c; the socket is
 * lib/controller.c's.
 */
#include "autoconf.h"

#include "controlled.h"

/* counting_take */
static void
say_count(void *context, const char *group, const char *name, uint64_t number)
{
	bs_controller_count(context, group, name, number);
}

/* bs_config_report */
static void
tell(void *context, bool fatal, const char *text)
{
	bs_controller_say(
	    context, fatal ? BS_CONTROL_ERROR : BS_CONTROL_WARNING, text);
}

static enum bs_exit
answer(void *context, enum bs_control_command command,
    struct bs_controller_client *client)
{
	struct served *served = context;

	if (command == BS_CONTROL_RELOAD) {
		bs_log(
		    served->log, BS_LOG_INFO, "backstopctl reload: reloading");
		return served_reload(served, tell, client);
	}
	served_tell(served, say_count, client);
	return BS_EXIT_OK;
}

struct bs_controller *
controlled_start(uv_loop_t *loop, int file, struct served *served)
{
	const struct bs_controller_setup setup = {
	    loop, file, "backstopd", answer, served};

	return bs_controller_start(&setup);
}
